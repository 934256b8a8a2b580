// Decisions: shown from the page, changed here, kept by the browser where it allows, and saved as decisions.json.
const same = (a, b) => a.verdict === b.verdict && a.rating === b.rating && a.note === b.note;
const now = item => item.mine ?? item.base;
const keyOf = item => `Chuizi.Video review ${location.pathname} ${item.origin ?? ''} ${item.id}`;
let isStored = true;

function store(item) {
  try {
    if (item.mine) {
      localStorage.setItem(keyOf(item), JSON.stringify({ ...item.mine, base: item.base }));
    } else {
      localStorage.removeItem(keyOf(item));
    }
  } catch {
    // The browser allows no storage for this page, or it is full.
    isStored = false;
  }
}

// A stored decision counts only as long as the page shows the state on which it was made: a later one is in the ledger already.
function restore(item) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(item)));
    if (kept && same(kept.base, item.base)) {
      const { verdict, rating, note, decided, isSaved } = kept;
      return { verdict, rating, note, decided, isSaved };
    }
  } catch {
    isStored = false;
  }

  return null;
}

for (const item of items) {
  item.base = {
    verdict: item.card.dataset.verdict ?? 'None',
    rating: Number(item.card.dataset.rating ?? 0),
    note: item.noteText.textContent,
  };
  item.past = [];
  item.mine = item.id ? restore(item) : null;
}

// One that decisions.json already contains is saved again even when it is undone.
function settle(item, state) {
  const isSaved = item.mine?.isSaved ?? false;
  item.mine = same(state, item.base) && !isSaved ? null : { ...state, decided: new Date().toISOString(), isSaved };
  store(item);
  show(item);
  tally();
  if (checked('verdict').length > 0) {
    filter();
  }
}

function change(item, part) {
  if (!item.id) {
    toast('This video has no id, so a decision about it cannot be recorded.');
    return;
  }

  const before = now(item);
  const { verdict, rating, note } = { ...before, ...part };
  if (!same(before, { verdict, rating, note })) {
    item.past.push({ verdict: before.verdict, rating: before.rating, note: before.note });
    settle(item, { verdict, rating, note });
  }
}

// Takes back the last change on this page, then one of an earlier visit, then a verdict from the ledger.
function undo(item) {
  const state = item.past.pop() ?? (item.mine && !same(item.mine, item.base) ? item.base : { ...item.base, verdict: 'None' });
  if (item.id && !same(state, now(item))) {
    settle(item, { verdict: state.verdict, rating: state.rating, note: state.note });
  }
}

// The controls of one item, in its card, beside the large view and below each compared take.
const panels = new Set();
function controls(itemOf, editNote) {
  const keep = button('✓ Keep', 'Keep (K)', () => change(itemOf(), { verdict: 'Kept' }));
  const reject = button('✕ Reject', 'Reject (X)', () => change(itemOf(), { verdict: 'Rejected' }));
  const stars = [1, 2, 3, 4, 5].map(rating => button('★', `Rate ${rating} of 5 (${rating})`, () =>
    change(itemOf(), { rating: now(itemOf()).rating === rating ? 0 : rating })));
  const note = editNote ? [button('✎', 'Note (N)', () => editNote(itemOf()))] : [];
  const back = button('↶', 'Undo the decision (U)', () => undo(itemOf()));
  keep.className = 'keep';
  reject.className = 'reject';
  const root = element('div', { className: 'controls', role: 'group', ariaLabel: 'Review' },
    keep, reject, element('span', { className: 'stars' }, ...stars), ...note, back);
  const refresh = () => {
    const item = itemOf();
    if (item) {
      const { verdict, rating } = now(item);
      keep.ariaPressed = String(verdict === 'Kept');
      reject.ariaPressed = String(verdict === 'Rejected');
      stars.forEach((star, at) => {
        star.ariaPressed = String(rating === at + 1);
        star.classList.toggle('lit', at < rating);
      });
      root.querySelectorAll('button').forEach(one => { one.disabled = !item.id; });
    }
  };
  panels.add(refresh);
  refresh();
  return { root, refresh, drop: () => panels.delete(refresh) };
}

// The words of the mark are those of the page without the script.
function show(item) {
  const { verdict, rating, note } = now(item);
  item.card.dataset.verdict = verdict;
  item.markText.textContent = [verdict === 'None' ? '' : verdict, rating > 0 ? `${rating} of 5` : ''].filter(text => text).join(' · ');
  item.markText.hidden = item.markText.textContent === '';
  item.noteText.textContent = note;
  item.noteText.hidden = note.trim() === '';
  item.text = null;
  panels.forEach(refresh => refresh());
}

function tally() {
  const count = { None: 0, Kept: 0, Rejected: 0 };
  for (const item of items) {
    count[now(item).verdict]++;
  }

  for (const [verdict, videos] of Object.entries(count)) {
    byId(`count-${verdict}`).textContent = videos;
  }

  const unsaved = items.filter(item => item.mine && !item.mine.isSaved).length;
  byId('judged').textContent = `${items.length - count.None} of ${items.length} decided: ${count.Kept} kept, ${count.Rejected} rejected`
    + (unsaved > 0 ? ` · ${unsaved} not saved yet` : '')
    + (unsaved > 0 && !isStored ? ' (this browser does not keep them when you close the page)' : '');
  byId('copy').disabled = count.Kept === 0;
  byId('save').disabled = items.every(item => !item.mine);
}

const decisions = () => [...items].sort((a, b) => a.order - b.order).filter(item => item.mine).map(item => ({
  Id: item.id,
  Origin: item.origin,
  Verdict: item.mine.verdict,
  Rating: item.mine.rating,
  Note: item.mine.note,
  Decided: item.mine.decided,
}));

byId('save').addEventListener('click', () => {
  const address = URL.createObjectURL(new Blob([JSON.stringify(decisions(), null, 2) + '\n'], { type: 'application/json' }));
  element('a', { href: address, download: 'decisions.json' }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  for (const item of items.filter(item => item.mine)) {
    item.mine = { ...item.mine, isSaved: true };
    store(item);
  }

  tally();
});

addEventListener('beforeunload', event => {
  if (!isStored && items.some(item => item.mine && !item.mine.isSaved)) {
    event.preventDefault();
  }
});

// The page has no full paths, so that it can be shared. Where it is opened from a disk, they follow from its own address.
function pathOf(item) {
  const address = new URL(item.video.getAttribute('src').replace(/#t=0\.001$/, ''), location.href);
  const path = decodeURIComponent(address.pathname);
  return address.protocol !== 'file:' ? decodeURIComponent(item.video.getAttribute('src').replace(/#t=0\.001$/, ''))
    : address.host ? `\\\\${address.host}${path.replaceAll('/', '\\')}`
    : /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll('/', '\\')
    : path;
}

byId('copy').addEventListener('click', () => {
  const kept = items.filter(item => now(item).verdict === 'Kept' && item.video);
  copy(kept.map(item => pathOf(item) + '\n').join(''), kept.length === 1 ? '1 path copied.' : `${kept.length} paths copied.`);
});

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element('textarea', { value: text, className: 'vh' });
    const focused = document.activeElement;
    (document.querySelector('dialog[open]') ?? document.body).append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    focused?.focus();
    said = isCopied ? said : 'This browser does not allow copying.';
  }

  toast(said);
}

// A dialog hides everything outside from assistive technology, so the message is shown in it.
const message = element('p', { className: 'toast', role: 'status' });
let fading = 0;
function toast(text) {
  (document.querySelector('dialog[open]') ?? document.body).append(message);
  message.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => { message.textContent = ''; }, 3000);
}
