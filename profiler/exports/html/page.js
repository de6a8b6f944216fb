'use strict';
// Every text of the profile reaches the page through textContent or a canvas, never as markup.
const profile = JSON.parse(document.getElementById('profile').textContent);
const content = document.getElementById('content');
const hint = document.getElementById('hint');

// ---- elements and numbers
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === 'style') Object.assign(element.style, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
const grouped = (value) => value === null ? 'unknown' : value.toLocaleString('en-US');
const percent = (part, whole) => whole ? (100 * part / whole).toFixed(1) + ' %' : '-';
const hex = (address) => '0x' + address.toString(16).padStart(8, '0');
const bytes = (value) => value === null ? 'unknown'
  : value >= 10240 ? (value / 1024).toFixed(1) + ' KiB' : grouped(value) + ' B';
const milliseconds = (cycles) => profile.clock ? (1e3 * cycles / profile.clock).toFixed(3) + ' ms' : '-';

// TensorFlow joins the names of operators that it fuses.
const first_name = (layer) => layer.name.split(';')[0];

function section(name) {
  const id = name.toLowerCase().replace(/ /g, '-');
  document.getElementById('sections').append(make('a', {href: '#' + id, textContent: name}));
  const element = make('section', {id}, make('h2', {textContent: name}));
  content.append(element);
  return element;
}

// columns: [title, class]; rows: lists of texts.
function table(columns, rows, heat) {
  const body = make('tbody');
  rows.forEach((row, index) => {
    const line = make('tr', {}, ...row.map((text, i) =>
      make('td', {className: columns[i][1] || '', textContent: text, title: columns[i][1] === 'name' ? text : ''})));
    if (heat) line.style.background = `rgba(var(--heat), ${(0.75 * heat[index]).toFixed(3)})`;
    body.append(line);
  });
  const head = make('tr', {}, ...columns.map(([title, kind]) =>
    make('th', {className: (kind || '').startsWith('number') ? kind : '', textContent: title})));
  return make('div', {className: 'wide'}, make('table', {}, make('thead', {}, head), body));
}

function show_hint(event, text) {
  hint.hidden = !text;
  if (!text) return;
  hint.textContent = text;
  const x = Math.min(event.clientX + 12, innerWidth - hint.offsetWidth - 8);
  const y = event.clientY + 16 + hint.offsetHeight > innerHeight ? event.clientY - hint.offsetHeight - 8
    : event.clientY + 16;
  hint.style.left = Math.max(4, x) + 'px';
  hint.style.top = y + 'px';
}

// ---- colours: one per stall cause, of which there are as many, and one per function by its number
const cause_colours = ['#3f8f5f', '#4a7fc1', '#d08a2e', '#b8506a', '#7d62b3', '#2f9a9a', '#a0813a', '#c7623d',
  '#8f9f2f', '#8a6f5c', '#5566c9', '#b44fa8', '#4f9fd0', '#c23b3b', '#6b7787', '#93c06a', '#d99a86', '#a88fe0',
  '#9aa5b4'];
const cause_colour = (i) => cause_colours[i % cause_colours.length];
const dark = matchMedia('(prefers-color-scheme: dark)');
const colour_of = (number) => `hsl(${(number * 47) % 360}, 48%, ${dark.matches ? 38 : 74}%)`;
const ink = () => getComputedStyle(document.body).color;

// ---- canvases: draw(context, width) paints, pick(x, y) answers what lies there
const canvases = [];
function canvas(parent, height_of, draw, pick, click) {
  const element = make('canvas');
  const context = element.getContext('2d');
  const paint = () => {
    const width = element.clientWidth, height = height_of(width), scale = devicePixelRatio || 1;
    element.style.height = height + 'px';
    element.width = width * scale;
    element.height = height * scale;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    draw(context, width, height);
  };
  const at = (event) => {
    const box = element.getBoundingClientRect();
    return pick(event.clientX - box.left, event.clientY - box.top, box.width);
  };
  element.addEventListener('pointermove', (event) => { const hit = at(event); show_hint(event, hit && hit.text); });
  element.addEventListener('pointerleave', () => show_hint(null, ''));
  if (click) element.addEventListener('click', (event) => { click(at(event)); paint(); });
  parent.append(element);
  canvases.push(paint);
  return paint;
}
function box(context, x, y, width, height, colour, text) {
  context.fillStyle = colour;
  context.fillRect(x, y, Math.max(width - (width > 3 ? 1 : 0), 0.5), height - 1);
  if (width < 28) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width - 3, height);
  context.clip();
  context.fillStyle = ink();
  context.fillText(text, x + 4, y + height / 2);
  context.restore();
}

// ---- the sections
function show_summary() {
  const memory = profile.memory;
  document.title = `${profile.title} on ${profile.mcu}`;
  document.getElementById('title').textContent = document.title;
  document.getElementById('subtitle').textContent =
    `${profile.core} at ${profile.clock / 1e6} MHz, board ${profile.board}, engine ${profile.engine}, ` +
    `timing ${profile.timing}; ended: ${profile.ended}`;
  const fact = (value, name) =>
    make('div', {className: 'fact'}, make('b', {textContent: value}), make('span', {textContent: name}));
  const maccs = profile.layers.reduce((sum, layer) => sum + layer.macc, 0);
  const part = section('Summary');
  part.append(make('div', {className: 'facts'},
    fact(grouped(profile.cycles), profile.inferences.length ? 'cycles per inference' : 'cycles'),
    fact(profile.time_ms.toFixed(3) + ' ms', 'time'),
    fact(grouped(profile.instructions), 'instructions'),
    fact(profile.cycles ? (profile.instructions / profile.cycles).toFixed(2) : '-', 'instructions per cycle'),
    maccs ? fact((profile.cycles / maccs).toFixed(2), 'cycles per MACC') : null,
    fact(bytes(memory.stack_peak), 'stack peak'),
    fact(bytes(memory.heap_peak), 'heap peak'),
    fact(bytes(memory.ram_used), 'RAM, static'),
    fact(bytes(memory.flash_used), 'flash')));
  for (const text of profile.warnings) part.append(make('p', {textContent: 'Warning: ' + text}));
  for (const text of profile.not_modelled) part.append(make('p', {textContent: 'Not modelled: ' + text}));
}

function show_layers() {
  if (!profile.layers.length) return;
  const most = Math.max(...profile.layers.map((layer) => layer.cycles), 1);
  section('Layers').append(table(
    [['#', 'number'], ['name', 'name'], ['cycles', 'number'], ['share', 'number'], ['ms', 'number'], ['operator'],
      ['output'], ['MACC', 'number']],
    profile.layers.map((layer) => [layer.index, first_name(layer), grouped(layer.cycles),
      percent(layer.cycles, profile.cycles), milliseconds(layer.cycles).replace(' ms', ''), layer.op,
      layer.shape.join('×'), grouped(layer.macc)]),
    profile.layers.map((layer) => 0.6 * layer.cycles / most)));
}

function show_stalls() {
  if (!profile.stalls.length) return;
  const part = section('Stalls');
  part.append(make('p', {textContent: 'What the cycles were spent on.'}));
  const grid = make('div', {className: 'stalls'});
  const row = (name, stalls) => {
    const all = stalls.reduce((sum, value) => sum + value, 0);
    if (!all) return;
    grid.append(make('span', {textContent: name, title: name}), make('div', {className: 'bar'},
      ...stalls.map((value, i) => value ? make('i', {
        title: `${profile.causes[i]}: ${grouped(value)} cycles, ${percent(value, all)}`,
        style: {width: 100 * value / all + '%', background: cause_colour(i)}}) : null)));
  };
  row('all', profile.stalls);
  for (const layer of profile.layers) row(`${layer.index} ${first_name(layer)}`, layer.stalls);
  const all = profile.stalls.reduce((sum, value) => sum + value, 0);
  part.append(grid, make('div', {className: 'key'}, ...profile.causes.map((cause, i) => profile.stalls[i] ?
    make('span', {}, make('i', {style: {background: cause_colour(i)}}),
      `${cause} ${percent(profile.stalls[i], all)}`) : null)));
}

function show_functions() {
  if (!profile.functions.length) return;
  const shown = profile.functions.filter((entry) => entry.self).sort((a, b) => b.self - a.self);
  const part = section('Functions');
  const most = shown.length ? shown[0].self : 1;
  part.append(table(
    [['function', 'name'], ['calls', 'number'], ['self cycles', 'number'], ['share', 'number'],
      ['total cycles', 'number'], ['stack', 'number'], ['file', 'name']],
    shown.slice(0, 100).map((entry) => [entry.name, grouped(entry.calls), grouped(entry.self),
      percent(entry.self, profile.cycles), grouped(entry.total), entry.stack === null ? '-' : bytes(entry.stack),
      entry.file]),
    shown.slice(0, 100).map((entry) => 0.6 * entry.self / most)));
  if (shown.length > 100) part.append(make('p', {textContent: `and ${shown.length - 100} more`}));
}

function show_flames() {
  const paths = profile.paths;
  if (!paths.parent.length) return;
  const part = section('Flame graph');
  part.append(make('p', {textContent: 'Width is cycles with all that was called; click to enlarge, again to go back.'}));
  const count = paths.parent.length, total = paths.self.slice(), depth = [], left = [];
  for (let i = count - 1; i >= 0; --i) if (paths.parent[i] >= 0) total[paths.parent[i]] += total[i];
  const filled = [];
  let all = 0, deepest = 0;
  for (let i = 0; i < count; ++i) {
    const parent = paths.parent[i];
    depth[i] = parent < 0 ? 0 : depth[parent] + 1;
    left[i] = parent < 0 ? all : left[parent] + filled[parent];
    filled[i] = 0;
    if (parent < 0) all += total[i];
    else filled[parent] += total[i];
    deepest = Math.max(deepest, depth[i]);
  }
  const row = 20, levels = Math.min(deepest + 1, 48);
  let zoom = -1;
  const range = () => zoom < 0 ? [0, all || 1] : [left[zoom], total[zoom] || 1];
  const name = (i) => profile.functions[paths.func[i]].name;
  canvas(part, () => levels * row + 2, (context, width) => {
    const [begin, length] = range();
    for (let i = 0; i < count; ++i) {
      const x = (left[i] - begin) / length * width, w = total[i] / length * width;
      if (depth[i] >= levels || w < 0.3 || x >= width || x + w <= 0) continue;
      const visible = Math.max(x, 0);
      box(context, visible, depth[i] * row + 1, Math.min(x + w, width) - visible, row,
        colour_of(paths.func[i]), name(i));
    }
  }, (x, y, width) => {
    const [begin, length] = range(), level = Math.floor((y - 1) / row), cycles = begin + x / width * length;
    for (let i = 0; i < count; ++i) {
      if (depth[i] === level && left[i] <= cycles && cycles < left[i] + total[i]) {
        return {index: i, text: `${name(i)}\n${grouped(total[i])} cycles, ${percent(total[i], all)}; ` +
          `itself ${grouped(paths.self[i])}; ${grouped(paths.calls[i])} calls`};
      }
    }
    return null;
  }, (hit) => { zoom = !hit || hit.index === zoom ? -1 : hit.index; });
}

function show_timeline() {
  const line = profile.timeline;
  if (!line.tracks.length && !line.windows.instructions.length) return;
  const part = section('Timeline');
  const slices = line.slices, count = slices.begin.length, windows = line.windows;
  const end = Math.max(profile.run_cycles, 1);
  const row = 17, label = 15, plot = 44;
  const tops = [], depths = line.tracks.map(() => -1);
  for (let i = 0; i < count; ++i) depths[slices.track[i]] = Math.min(11, Math.max(depths[slices.track[i]], slices.depth[i]));
  let y = 0;
  line.tracks.forEach((track, i) => { tops[i] = y; y += label + (depths[i] + 1) * row + 4; });
  const plots = [['instructions per cycle', windows.instructions.map((value) => value / line.window_cycles)],
    ['stack, bytes', windows.stack], ['heap, bytes', windows.heap], ['misses of L1 instructions', windows.l1i],
    ['misses of L1 data', windows.l1d]].filter(([, values]) => values.some((value) => value !== null && value > 0));
  const plots_top = y, height = y + plots.length * (plot + label) + 2;
  let from = 0, length = end;
  const what = (i) => slices.is_layer[i] ? `${profile.layers[slices.what[i]].index} ` +
    first_name(profile.layers[slices.what[i]]) : profile.functions[slices.what[i]].name;
  const colour = (i) => colour_of(slices.is_layer[i] ? slices.what[i] + 3 : slices.what[i]);
  const zoom_by = (factor) => {
    const middle = from + length / 2;
    length = Math.min(end, Math.max(16, length * factor));
    from = Math.min(Math.max(0, middle - length / 2), end - length);
    repaint();
  };
  const move_by = (share) => { from = Math.min(Math.max(0, from + share * length), end - length); repaint(); };
  part.append(make('p', {}, ...[['+', () => zoom_by(0.5)], ['−', () => zoom_by(2)], ['←', () => move_by(-0.4)],
    ['→', () => move_by(0.4)]].map(([text, onclick]) => make('button', {textContent: text, onclick,
    style: {marginRight: '6px'}})), `${milliseconds(end)} since reset`));
  const repaint = canvas(part, () => height, (context, width) => {
    const x_of = (cycles) => (cycles - from) / length * width;
    line.tracks.forEach((track, i) => {
      context.fillStyle = ink();
      context.fillText(track, 4, tops[i] + label / 2 + 1);
    });
    for (let i = 0; i < count; ++i) {
      const x = Math.max(x_of(slices.begin[i]), 0), right = Math.min(x_of(slices.end[i]), width);
      if (slices.depth[i] > 11 || right <= 0 || x >= width) continue;
      box(context, x, tops[slices.track[i]] + label + slices.depth[i] * row, right - x, row, colour(i), what(i));
    }
    plots.forEach(([title, values], p) => {
      const most = values.reduce((a, b) => Math.max(a, b === null ? 0 : b), 0);
      const base = plots_top + (p + 1) * (plot + label);
      context.fillStyle = colour_of(p * 2 + 5);
      values.forEach((value, i) => {
        if (value === null) return;
        const x = x_of(i * line.window_cycles), w = x_of((i + 1) * line.window_cycles) - x;
        context.fillRect(x, base - value / most * plot, w + 0.5, value / most * plot);
      });
      context.fillStyle = ink();
      context.fillText(`${title}, up to ${most >= 10 ? grouped(Math.round(most)) : most.toFixed(2)}`, 4,
        base - plot - label / 2 + 1);
    });
  }, (x, y, width) => {
    const cycles = from + x / width * length;
    for (let i = count - 1; i >= 0; --i) {
      const top = tops[slices.track[i]] + label + slices.depth[i] * row;
      if (y >= top && y < top + row && slices.begin[i] <= cycles && cycles < slices.end[i]) {
        const took = slices.end[i] - slices.begin[i];
        return {text: `${what(i)}\n${grouped(took)} cycles, ${milliseconds(took)}, from ${milliseconds(slices.begin[i])}`};
      }
    }
    return null;
  });
  if (line.shortest) {
    part.append(make('p', {className: 'note', textContent:
      `Slices shorter than ${grouped(line.shortest)} cycles are part of what called them.`}));
  }
}

function show_memory() {
  const regions = profile.memory.regions.filter((region) => region.used || region.peak);
  if (!regions.length && !profile.caches.length) return;
  const part = section('Memory');
  for (const region of regions) {
    const peak = region.peak === null ? region.used : region.peak;
    part.append(make('div', {className: 'region'},
      make('div', {textContent: `${region.name} (${region.kind}), ${hex(region.begin)}, ${bytes(region.size)}: ` +
        `${bytes(region.used)} static` + (region.peak === null ? '' : `, ${bytes(peak)} with stack and heap`)}),
      make('div', {className: 'bar'},
        make('i', {className: 'used', style: {width: 100 * region.used / (region.size || 1) + '%'}}),
        make('i', {className: 'peak', style: {width: 100 * (peak - region.used) / (region.size || 1) + '%'}}))));
  }
  if (!profile.caches.length) return;
  part.append(table([['cache'], ['accesses', 'number'], ['misses', 'number'], ['rate', 'number'],
    ['compulsory', 'number'], ['capacity', 'number'], ['conflict', 'number'], ['write-backs', 'number']],
  profile.caches.map((cache) => [cache.level, grouped(cache.accesses), grouped(cache.misses),
    percent(cache.misses, cache.accesses), ...['compulsory', 'capacity', 'conflict', 'writebacks'].map(
      (key) => cache[key] === null ? '-' : grouped(cache[key]))])));
  const missed = profile.caches.flatMap((cache) => cache.symbols.filter((symbol) => symbol[2]).map(
    ([name, accesses, misses, writebacks]) => [cache.level, name, grouped(accesses), grouped(misses),
      grouped(writebacks)]));
  if (missed.length) {
    part.append(table([['cache'], ['misses most'], ['accesses', 'number'], ['misses', 'number'],
      ['write-backs', 'number']], missed));
  }
  const conflicts = profile.caches.flatMap((cache) => cache.conflicts.map(
    ([evicted, by, misses, sets]) => [cache.level, evicted, by, grouped(misses), grouped(sets)]));
  if (conflicts.length) {
    part.append(table([['cache'], ['lost its lines'], ['to'], ['conflict misses', 'number'],
      ['sets', 'number']], conflicts));
  }
}

// Lines by file, the costliest file first; drawn when opened. A click on a line shows its instructions.
function show_source() {
  const files = profile.source, code = profile.code, at = profile.place_lines;
  if (!files.length) return;
  const part = section('Source');
  part.append(make('p', {textContent: 'Lines around what was executed, coloured by cycles; click one for its instructions.'}));
  const most = files.reduce((all, file) => file.spent.reduce((a, b) => Math.max(a, b), all), 1);
  const instructions = (file, line) => code.address.map((_, i) => i).filter((i) => code.place[i] >= 0 &&
    at.file[code.place[i]] === file && at.line[code.place[i]] === line);
  const listing = (file, number) => {
    const shown = table([['line', 'number'], ['cycles', 'number'], ['share', 'number extra'], ['executed', 'number extra'],
      ['source', 'code']], file.line.map((line, i) => file.spent[i] || file.count[i] ?
      [line, grouped(file.spent[i]), percent(file.spent[i], profile.cycles), grouped(file.count[i]), file.text[i]] :
      [line, '', '', '', file.text[i]]), file.spent.map((cycles) => Math.sqrt(cycles / most)));
    shown.classList.add('lines');
    const rows = shown.querySelectorAll('tbody tr');
    file.line.forEach((line, i) => {
      if (i && file.line[i - 1] + 1 < line) rows[i].className = 'gap';
      if (!file.count[i]) return;
      let open = [];
      rows[i].style.cursor = 'pointer';
      rows[i].addEventListener('click', () => {
        if (open.length) { open.forEach((row) => row.remove()); open = []; return; }
        open = instructions(number, line).map((k) => make('tr', {className: 'inner'}, ...[['', 'number'],
          [grouped(code.cycles[k]), 'number'], ['', 'number extra'], [grouped(code.count[k]), 'number extra'],
          [`${hex(code.address[k])}  ${code.text[k]}`, 'code']].map(([textContent, className]) =>
          make('td', {textContent, className}))));
        rows[i].after(...open);
      });
    });
    return shown;
  };
  files.forEach((file, number) => {
    const details = make('details', {}, make('summary', {}, make('b', {textContent: file.file}),
      make('span', {textContent: ` ${grouped(file.cycles)} cycles, ${percent(file.cycles, profile.cycles)}` +
        (file.no_text ? '; text ' + file.no_text : '')})));
    details.addEventListener('toggle', () => {
      if (details.childElementCount === 1) details.append(listing(file, number));
    });
    part.append(details);
    if (number === 0) details.open = true;
  });
}

// Instructions by function, the costliest function first; drawn when opened.
function show_code() {
  const code = profile.code;
  if (!code.address.length) return;
  const part = section('Code');
  part.append(make('p', {textContent: 'Executed instructions, coloured by their cycles.'}));
  const by_function = new Map();
  code.func.forEach((number, i) => {
    if (!by_function.has(number)) by_function.set(number, {number, rows: [], cycles: 0});
    const entry = by_function.get(number);
    entry.rows.push(i);
    entry.cycles += code.cycles[i];
  });
  const sorted = [...by_function.values()].sort((a, b) => b.cycles - a.cycles);
  const most = code.cycles.reduce((a, b) => Math.max(a, b), 1);
  const cause = (i) => code.cause[i] < 0 ? '' : `${profile.causes[code.cause[i]]} ${percent(code.stalled[i], code.cycles[i])}`;
  sorted.forEach((entry, rank) => {
    const name = entry.number < 0 ? '(no function)' : profile.functions[entry.number].name;
    const details = make('details', {}, make('summary', {}, make('b', {textContent: name}),
      make('span', {textContent: ` ${grouped(entry.cycles)} cycles, ${percent(entry.cycles, profile.cycles)}`})));
    details.addEventListener('toggle', () => {
      if (details.childElementCount > 1) return;
      details.append(table(
        [['address', 'code'], ['instruction', 'code'], ['count', 'number'], ['cycles', 'number'], ['mostly stalled by'],
          ['source', 'name']],
        entry.rows.map((i) => [hex(code.address[i]), code.text[i], grouped(code.count[i]), grouped(code.cycles[i]),
          cause(i), code.place[i] < 0 ? '' : profile.places[code.place[i]]]),
        entry.rows.map((i) => Math.sqrt(code.cycles[i] / most))));
    });
    part.append(details);
    if (rank === 0) details.open = true;
  });
}

show_summary();
show_layers();
show_stalls();
show_functions();
show_flames();
show_timeline();
show_memory();
show_source();
show_code();
const paint_all = () => canvases.forEach((paint) => paint());
addEventListener('resize', paint_all);
dark.addEventListener('change', paint_all);
paint_all();
