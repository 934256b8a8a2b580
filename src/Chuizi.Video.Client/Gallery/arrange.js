// Search, filters, groups and order.
const urgency = ['failed', 'unknown', 'processing', 'skipped', 'succeeded'];
const natural = new Intl.Collator(undefined, { numeric: true });
const orders = {
  order: () => 0,
  created: (a, b) => b.created - a.created,
  cost: (a, b) => b.cost - a.cost,
  length: (a, b) => b.length - a.length,
  latency: (a, b) => b.latency - a.latency,
  rating: (a, b) => now(b).rating - now(a).rating,
  name: (a, b) => Number(a.name === '') - Number(b.name === '') || natural.compare(a.name, b.name),
  model: (a, b) => a.model.localeCompare(b.model),
  status: (a, b) => placeOf(a) - placeOf(b),
};

function placeOf(item) {
  const at = urgency.indexOf(item.status);
  return at < 0 ? 1 : at;
}

function textOf(item) {
  // Every text that comes from data has dir="auto".
  item.text ??= fold([...item.card.querySelectorAll('[dir="auto"]')].map(part => part.textContent).join('\n'));
  return item.text;
}

const checked = name => chips.filter(chip => chip.name === name && chip.checked).map(chip => chip.value);

let heads = [];
function filter() {
  const words = fold(find.value).split(/\s+/).filter(word => word);
  const statuses = checked('status');
  const verdicts = checked('verdict');
  const only = !model || model.value === 'all' ? null : model.value.slice(1);
  for (const item of items) {
    const fits = (statuses.length === 0 || statuses.includes(item.status))
      && (verdicts.length === 0 || verdicts.includes(now(item).verdict))
      && (only === null || item.model === only)
      && columns.every((column, at) => column.value === 'all' || column.value === item.columns[at])
      && words.every(word => textOf(item).includes(word));
    item.place.hidden = !fits;
    if (!fits && item.video && !item.video.paused) {
      item.video.pause();
    }
  }

  for (const head of heads) {
    const shown = head.items.filter(item => !item.place.hidden).length;
    head.place.hidden = shown === 0;
    head.count.textContent = shown === 1 ? '1 video' : `${shown} videos`;
  }

  const shown = shownItems().length;
  none.hidden = shown > 0;
  byId('count').textContent = shown === items.length ? `${shown} shown` : `${shown} of ${items.length} shown`;
  const chosen = columns.filter(column => column.value !== 'all').length;
  const menu = document.querySelector('#columns summary');
  if (menu) {
    menu.textContent = chosen > 0 ? `Columns (${chosen})` : 'Columns';
  }
}

// The key and the heading of the item's group.
function groupOf(item) {
  switch (group.value) {
    case 'row': return item.row ? [item.row, item.prompt || (item.line ? `Row ${item.line}` : 'Takes')] : ['', 'Other videos'];
    case 'model': return [item.model, item.model || 'unknown'];
    case 'status': return [item.status, item.status];
    case 'verdict': return [now(item).verdict, now(item).verdict === 'None' ? 'Undecided' : now(item).verdict];
    default: {
      const column = columns[group.value];
      const value = item.columns[group.value];
      const option = [...column.options].find(option => option.value === value);
      return [value, value === '-' || !option ? 'blank' : option.textContent.trim().replace(/ \(\d+\)$/, '')];
    }
  }
}

function arrange() {
  const compare = orders[sort.value];
  // The difference of two unknown values is NaN.
  items.sort((a, b) => compare(a, b) || a.order - b.order);
  heads.forEach(head => head.place.remove());
  heads = [];
  list.classList.toggle('by-row', group.value === 'row');
  const places = [];
  if (group.value === 'none') {
    places.push(...items.map(item => item.place));
  } else {
    const groups = new Map();
    for (const item of items) {
      const [key, title] = groupOf(item);
      groups.has(key) ? groups.get(key).items.push(item) : groups.set(key, { title, items: [item] });
    }

    // The keyboard follows what is seen.
    items.splice(0, items.length, ...[...groups.values()].flatMap(one => one.items));
    for (const { title, items: members } of groups.values()) {
      const count = element('span', { className: 'members' });
      const place = element('li', { className: 'head' }, element('h3', { dir: 'auto', textContent: title }), count);
      if (group.value === 'row' && takesOf(members[0]).length > 1) {
        place.append(button('Compare takes', `Compare takes: ${title.slice(0, 80)}`, () => openCompare(members[0])));
      }

      heads.push({ place, count, items: members });
      places.push(place, ...members.map(item => item.place));
    }
  }

  // Only what changes its position is moved: moving a video is slow, and stops it.
  let at = list.firstElementChild;
  for (const place of places) {
    if (place === at) {
      at = at.nextElementSibling;
    } else {
      list.insertBefore(place, at);
    }
  }

  filter();
}

function clear() {
  find.value = '';
  chips.forEach(chip => { chip.checked = false; });
  columns.forEach(column => { column.value = 'all'; });
  if (model) {
    model.value = 'all';
  }
}

let typing = 0;
find.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(filter, 120);
});
[...chips, ...columns, ...(model ? [model] : [])].forEach(control => control.addEventListener('change', filter));
[sort, group].forEach(control => control.addEventListener('change', arrange));
size.addEventListener('input', () => list.style.setProperty('--height', `${size.value}rem`));
byId('all').addEventListener('click', () => {
  clear();
  filter();
  find.focus();
});

// A menu closes when something else is used.
document.addEventListener('pointerdown', event => {
  document.querySelectorAll('.menu[open]').forEach(menu => { menu.open = menu.contains(event.target); });
});

// Times are in UTC in the file, and local on the screen.
function localize(root) {
  for (const time of root.querySelectorAll('time')) {
    time.title = time.textContent;
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  }
}

// Nothing can be opened on paper.
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('main details:not([open]):not(.menu)')];
  opened.forEach(details => { details.open = true; });
});
addEventListener('afterprint', () => {
  opened.forEach(details => { details.open = false; });
  opened = [];
});
