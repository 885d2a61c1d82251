"""Money in whole fen: the capital, the year, who pays what of both."""
