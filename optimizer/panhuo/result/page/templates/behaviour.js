"use strict";
// Fills the map, and ties it to the table of rooms. Text is only ever set as text, never as markup.
(async () => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const el = (id) => document.getElementById(id);
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  const whole = (n) => n.toLocaleString("en-US");
  const percent = (share) => (share === null ? "–" : `${Math.round(100 * share)}%`);
  const names = Object.fromEntries(data.services.map((s) => [s.key, s.name]));
  const modes = Object.keys(data.modes);
  const known = new Map(data.rooms.map((room, row) => [room.id, row]));
  const body = el("rooms").tBodies[0], rows = [...body.rows, ...el("further").content.children], rowOf = new Map(rows.map((row) => [row.dataset.id, row]));
  for (const room of data.rooms) { // what the table says of a room the map says too
    const row = rowOf.get(room.id), [reason, why] = row.cells[5].childNodes;
    Object.assign(room, { name: row.querySelector(".pick").textContent, reason: reason.textContent.trim(), why: why ? why.textContent : "" });
  }
  const state = { service: "", room: null, from: 0, shown: rows, far: [] };

  const view = (await Bokeh.embed.embed_item(data.figure, "map")).roots[0];
  const plot = view.model;
  const layer = (name) => plot.renderers.find((r) => r.name === name);
  const put = (name, columns) => { layer(name).data_source.data = columns; };

  // ---- what a service looks like on the map
  const table = (keys) => Object.fromEntries(keys.map((key) => [key, []]));
  const add = (columns, values) => { for (const key in columns) columns[key].push(values[key]); };
  const mark = (row) => {
    const room = data.rooms[row];
    const said = room.mode
      ? fill(data.words.chosen_as, { mode: data.modes[room.mode], services: room.services.map((k) => names[k] || k).join(data.between) })
      : room.reason;
    return { x: room.x, y: room.y, row, title: room.name, first: said, second: room.mode ? "" : room.why };
  };

  function people() {
    const points = data.points, own = points.by[state.service];
    const most = own.need.reduce((a, b) => Math.max(a, b), 1), count = own.need.filter((n) => n > 0).length;
    const dot = Math.min(Math.max(150 / Math.sqrt(Math.max(count, 1)), 3), 9);
    const found = Object.fromEntries(data.states.map((s) => [s, table(["x", "y", "size", "title", "first", "second"])]));
    own.state.forEach((s, i) => {
      if (s < 0) return;
      const values = { need: whole(own.need[i]), before: whole(own.before[i]), after: whole(own.after[i]) };
      add(found[data.states[s]], {
        x: points.x[i], y: points.y[i], size: dot * (0.75 + 1.25 * Math.sqrt(own.need[i] / most)), title: points.name[i],
        first: fill(data.words.need, values), second: fill(data.words.circle, { circle: points.circle[i] }),
      });
    });
    for (const s of data.states) put(s, found[s]);
  }

  function places() {
    const keys = ["x", "y", "row", "title", "first", "second"], all = data.existing;
    const marks = Object.fromEntries(["existing", "closed", "others", "rejected", ...modes].map((name) => [name, table(keys)]));
    all.service.forEach((service, i) => {
      if (service !== state.service) return;
      add(marks[all.closed[i] ? "closed" : "existing"], {
        x: all.x[i], y: all.y[i], row: -1, title: all.name[i], first: all.kind[i], second: all.closed[i] ? data.words.closed : "",
      });
    });
    data.rooms.forEach((room, row) => {
      const name = !room.mode ? "rejected" : room.services.includes(state.service) ? room.mode : "others";
      add(marks[name], mark(row));
    });
    for (const name in marks) put(name, marks[name]);
  }

  function circles() {
    const own = data.circles.by[state.service], last = data.shades.length - 1;
    const shade = own.after.map((s) => (s === null ? "#FFFFFF" : data.shades[Math.min(Math.floor(s * (last + 1)), last)]));
    const first = data.circles.name.map((_, i) => fill(data.words.ground, {
      before: percent(own.before[i]), after: percent(own.after[i]), need: own.need[i],
    }));
    put("circles", { xs: data.circles.xs, ys: data.circles.ys, shade, title: data.circles.name, first, second: first.map(() => "") });
  }

  function served() {
    const lines = table(["x0", "y0", "x1", "y1"]), reached = table(["x", "y", "size"]), picked = table(["x", "y"]);
    let going = { points: 0, dots: [] };
    const room = state.room === null ? null : data.rooms[known.get(state.room)];
    if (room) {
      picked.x.push(room.x); picked.y.push(room.y);
      going = (data.served[room.id] || {})[state.service] || going;
      for (const i of going.dots) {
        const x = data.points.x[i], y = data.points.y[i];
        add(lines, { x0: room.x, y0: room.y, x1: x, y1: y });
        add(reached, { x, y, size: 9 });
      }
    }
    put("lines", lines); put("reached", reached); put("picked", picked);
    const said = area(room);
    el("picked").textContent = room ? [told(room, going.points), ...said].join(document.documentElement.lang === "en" ? " " : "") : el("picked").dataset.nothing;
    return going.dots;
  }

  // From where people can walk to the room: rings, or stretches of street from the first station to the last.
  function area(room) {
    const rings = table(["x", "y", "radius"]), streets = table(["xs", "ys"]), { said, limits, at } = data.reach;
    state.far = [];
    const kinds = room ? room.kinds[state.service] || [state.service] : [];
    for (const kind of kinds) {
      for (const radius of (data.reach.rings || {})[kind] || []) {
        add(rings, { x: room.x, y: room.y, radius });
        state.far.push(radius);
      }
      for (const name of limits ? limits[kind] : []) {
        const runs = (data.reach.rooms[room.id] || {})[name] || [];
        for (let n = 0; n < runs.length; n += 2) {
          const [first, last] = [runs[n], runs[n] + runs[n + 1]];
          add(streets, { xs: at[0].slice(first, last), ys: at[1].slice(first, last) });
        }
      }
    }
    put("rings", rings); put("streets", streets);
    return kinds.filter((kind) => !limits || room.id in data.reach.rooms).map((kind) => said[kind]);
  }

  function told(room, points) {
    const values = {
      name: room.name, mode: data.modes[room.mode], services: room.services.map((k) => names[k] || k).join(data.between),
      points: whole(points), service: names[state.service], reason: room.reason, why: room.why,
    };
    const words = data.words;
    return fill(room.mode ? (points ? words.serves : words.serves_none) : words.not_chosen, values).trim();
  }

  function show(service) {
    state.service = service;
    el("service").value = service;
    circles(); people(); places(); served();
  }

  // ---- where the map looks: metres a pixel are the same in both directions
  const inner = () => view.frame.bbox;
  function look(x, y, scale) {
    const { width, height } = inner();
    plot.x_range.setv({ start: x - (scale * width) / 2, end: x + (scale * width) / 2 });
    plot.y_range.setv({ start: y - (scale * height) / 2, end: y + (scale * height) / 2 });
  }
  const now = () => {
    const { start, end } = plot.x_range, v = plot.y_range;
    return { x: (start + end) / 2, y: (v.start + v.end) / 2, scale: (end - start) / inner().width };
  };
  function wholeDistrict() {
    const { width, height } = inner(), [w, h] = data.size;
    look(w / 2, h / 2, 1.08 * Math.max(w / width, h / height));
  }
  const zoom = (factor) => { const n = now(); look(n.x, n.y, n.scale * factor); };
  const move = (dx, dy) => { const n = now(); look(n.x + dx * n.scale * 80, n.y + dy * n.scale * 80, n.scale); };
  function goTo(room, points) {
    const xs = [room.x, ...points.map((i) => data.points.x[i])], ys = [room.y, ...points.map((i) => data.points.y[i])];
    const far = Math.max(...xs.map((x) => Math.abs(x - room.x)), ...ys.map((y) => Math.abs(y - room.y)), ...state.far);
    const { width, height } = inner();
    look(room.x, room.y, (3.2 * (far > 0 ? Math.max(far, 100) : Math.max(...data.size) / 40)) / Math.min(width, height));
  }

  // ---- selecting a room, from either side
  function select(id, from) {
    const turn = (row, on) => {
      row.classList.toggle("picked-row", on);
      row.querySelector(".pick").setAttribute("aria-pressed", String(on));
    };
    if (state.room !== null) turn(rowOf.get(state.room), false);
    state.room = id;
    if (id !== null) turn(rowOf.get(id), true);
    if (id !== null && from === "map") {
      const row = rowOf.get(id), box = body.closest(".room-scroll");
      if (!state.shown.includes(row)) { el("which").value = ""; el("search").value = ""; sift(); }
      const place = state.shown.indexOf(row);
      if (place < state.from || place >= state.from + data.page) turnTo(place);
      box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    }
    const room = id === null ? null : data.rooms[known.get(id)];
    if (room && room.services.length && !room.services.includes(state.service)) show(room.services[0]);
    const points = served();
    if (room && from === "table") goTo(room, points);
  }
  for (const name of [...modes, "others", "rejected"]) {
    const source = layer(name).data_source;
    source.selected.properties.indices.change.connect(() => {
      const [first] = source.selected.indices;
      if (first === undefined) return;
      const row = source.data.row[first];
      source.selected.indices = [];
      select(data.rooms[row].id, "map");
    });
  }
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row) select(row.dataset.id === state.room ? null : row.dataset.id, "table");
  });

  // ---- the table: sorting, sifting, and turning its pages where there are very many rooms
  function turnTo(place) {
    const last = Math.max(state.shown.length - 1, 0);
    state.from = Math.floor(Math.min(Math.max(place, 0), last) / data.page) * data.page;
    const to = Math.min(state.from + data.page, state.shown.length);
    body.replaceChildren(...state.shown.slice(state.from, to));
    const whole_ = state.shown.length <= data.page;
    el("pages").hidden = rows.length <= data.page;
    el("back").disabled = state.from === 0;
    el("on").disabled = to === state.shown.length;
    el("count").textContent = whole_
      ? fill(data.words.count, { shown: whole(state.shown.length), all: whole(rows.length) })
      : fill(data.words.paged, { first: whole(state.from + 1), last: whole(to), shown: whole(state.shown.length), all: whole(rows.length) });
  }
  function sift() {
    const which = el("which").value, words = el("search").value.trim().toLowerCase();
    state.shown = rows.filter((row) => (which === "" || row.dataset.chosen === which) && (!words || row.textContent.toLowerCase().includes(words)));
    turnTo(0);
  }
  const heads = [...el("rooms").tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const number = head.classList.contains("n");
      const up = head.getAttribute("aria-sort") === (number ? "descending" : "none") || head.getAttribute("aria-sort") === "descending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const of = new Map(rows.map((row) => [row, number ? Number(row.cells[column].dataset.value) : row.cells[column].textContent.trim()]));
      const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const order = (a, b) => (number ? of.get(a) - of.get(b) : compare(of.get(a), of.get(b)));
      rows.sort((a, b) => (up ? order(a, b) : order(b, a)));
      sift();
    });
  });
  el("back").addEventListener("click", () => turnTo(state.from - data.page));
  el("on").addEventListener("click", () => turnTo(state.from + data.page));
  el("which").addEventListener("change", sift);
  el("search").addEventListener("input", sift);

  // ---- controls
  for (const { key, name } of data.services) el("service").add(new Option(name, key));
  el("service").addEventListener("change", () => show(el("service").value));
  for (const box of document.querySelectorAll("[data-layer]")) {
    box.addEventListener("change", () => {
      for (const name of { reached: ["reached", "lines"], area: ["rings", "streets"] }[box.dataset.layer] || [box.dataset.layer]) {
        layer(name).visible = box.checked;
      }
    });
  }
  el("zoom-in").addEventListener("click", () => zoom(0.7));
  el("zoom-out").addEventListener("click", () => zoom(1 / 0.7));
  el("whole").addEventListener("click", wholeDistrict);
  el("clear").addEventListener("click", () => select(null, "table"));
  const keys = {
    ArrowLeft: () => move(-1, 0), ArrowRight: () => move(1, 0), ArrowUp: () => move(0, 1), ArrowDown: () => move(0, -1),
    "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7), 0: wholeDistrict, Escape: () => select(null, "table"),
  };
  el("frame").addEventListener("keydown", (event) => {
    if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
    keys[event.key]();
    event.preventDefault();
  });

  // ---- size and paper
  let width = 0;
  let untouched = true;
  for (const kind of ["wheel", "pointerdown", "keydown"]) el("frame").addEventListener(kind, () => { untouched = false; }, true);
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (inner().width === width || inner().width < 10) return;
    const { x, y } = now(), scale = (plot.x_range.end - plot.x_range.start) / (width || inner().width);
    width = inner().width;
    if (untouched) wholeDistrict(); else look(x, y, scale);
  })).observe(el("frame"));
  // Paper gets a picture of what the screen shows: a canvas would be printed at its size on the screen.
  window.addEventListener("beforeprint", () => {
    document.querySelector(".print-map")?.remove();
    const picture = new Image();
    picture.className = "print-map";
    picture.alt = "";
    try {
      picture.src = view.export("png").canvas.toDataURL();
    } catch { // tiles of a server that lets nobody copy them
      layer("basemap").visible = false;
      picture.src = view.export("png").canvas.toDataURL();
      layer("basemap").visible = true;
    }
    el("frame").append(picture);
  });

  const gains = data.services.map((s) => data.points.by[s.key].state.filter((n) => n === 1).length);
  if (data.services.length) show(data.services[Math.max(gains.findIndex((n) => n > 0), 0)].key);
  sift();
  wholeDistrict();
  document.body.dataset.ready = "yes";
})();
