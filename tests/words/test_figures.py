import pytest

from panhuo.words import T, figures


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (0, "0 人", "0 people"),
        (1, "1 人", "1 person"),
        (0.4, "0 人", "0 people"),
        (-0.4, "0 人", "0 people"),
        (9_999.4, "9,999 人", "9,999 people"),
        (9_999.5, "1.00 万人", "10,000 people"),
        (834_592, "83.46 万人", "834,592 people"),
        (999_999.5, "100.00 万人", "1.00 million people"),
        (1_000_000, "100.00 万人", "1.00 million people"),
        (99_999_949, "9,999.99 万人", "100.00 million people"),
        (99_999_950, "1.00 亿人", "100.00 million people"),
    ],
)
def test_people(number, zh, en):
    assert (figures.people(number, "zh"), figures.people(number, "en")) == (zh, en)


def test_person_services():
    assert figures.services(12_345, "zh") == "1.23 万人次"
    assert figures.services(1, "en") == "1 person-service"
    assert figures.services(2_000_000, "en") == "2.00 million person-services"


@pytest.mark.parametrize(
    ("cny", "zh", "en"),
    [
        (0, "0 元", "CNY 0"),
        (-3_500, "-3,500 元", "CNY -3,500"),
        (9_999.49, "9,999 元", "CNY 9,999"),
        (10_000, "1.00 万元", "CNY 10,000"),
        (995_000, "99.50 万元", "CNY 995,000"),
        (12_345_678, "1,234.57 万元", "CNY 12.35 million"),
        (99_999_949, "9,999.99 万元", "CNY 100.00 million"),
        (123_456_789, "1.23 亿元", "CNY 123.46 million"),
        (999_994_999, "10.00 亿元", "CNY 999.99 million"),
        (999_995_000, "10.00 亿元", "CNY 1.00 billion"),
    ],
)
def test_money_in_a_sentence(cny, zh, en):
    assert (figures.money(cny, "zh"), figures.money(cny, "en")) == (zh, en)


def test_money_in_a_table_and_money_to_the_fen():
    assert (figures.bare(123_456_789, "zh"), figures.unit("zh")) == ("12,345.68", "万元")
    assert (figures.bare(123_456_789, "en"), figures.unit("en")) == ("123,456,789", "CNY")
    assert (figures.yuan(123_456_789.01, "zh"), figures.yuan(40_000, "en")) == ("123,456,789.01 元", "CNY 40,000")
    assert figures.bare(-0.3, "en") == "0"


def test_a_figure_in_a_sentence_takes_its_language():
    sentence = T("{folder}: verified.", folder=figures.figure(figures.people, 20_000))
    assert sentence.to("zh") == "2.00 万人：已核验。"
    assert str(sentence) == "20,000 people: verified."


def test_shares_and_times():
    assert [figures.percent(x) for x in (0.4567, 0, 1, -0.0001)] == ["45.7%", "0.0%", "100.0%", "0.0%"]
    assert (figures.seconds(1234.56, "zh"), figures.seconds(0.04, "en")) == ("1,234.6 秒", "0.0 s")


def test_shares_round_half_to_even_and_never_to_minus_nothing():
    assert [figures.round_percent(share) for share in (0.495, 0.504, 1.0, -0.001)] == ["50%", "50%", "100%", "0%"]
    assert [figures.percent(share) for share in (0.4999, -0.0001)] == ["50.0%", "0.0%"]
