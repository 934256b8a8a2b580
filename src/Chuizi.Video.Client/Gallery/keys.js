// The keyboard, and the controls that appear on the card in use. Then the page is shown.
let focused = null;
let cardControls = null;
cardControls = controls(() => itemOf(cardControls?.root), editNote);
cardControls.root.classList.add('floating');
// A click leaves the focus on the card, where the keys work on.
cardControls.root.addEventListener('pointerdown', event => event.preventDefault());
cardControls.root.addEventListener('click', event => {
  if (event.detail > 0) {
    focusItem(itemOf(event.target));
  }
});

function placeControls(item) {
  if (item && cardControls.root.parentNode !== item.media && !cardControls.root.contains(document.activeElement)) {
    item.media.append(cardControls.root);
    cardControls.refresh();
  }
}

list.addEventListener('focusin', event => {
  focused = itemOf(event.target) ?? focused;
  placeControls(itemOf(event.target));
});
list.addEventListener('pointerover', event => placeControls(itemOf(event.target)));

// The video in the row above or below whose middle is nearest.
function beside(item, direction) {
  const middle = box => box.left + box.width / 2;
  const from = item.place.getBoundingClientRect();
  const boxes = shownItems().map(other => ({ other, box: other.place.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - from.top) * direction > 4);
  const nearest = Math.min(...boxes.map(({ box }) => Math.abs(box.top - from.top)));
  return boxes.filter(({ box }) => Math.abs(box.top - from.top) < nearest + 4)
    .sort((a, b) => Math.abs(middle(a.box) - middle(from)) - Math.abs(middle(b.box) - middle(from)))[0]?.other;
}

function goTo(key, item) {
  const shown = shownItems();
  const next = {
    ArrowLeft: () => item ? neighbour(item, -1) : shown[0],
    ArrowRight: () => item ? neighbour(item, 1) : shown[0],
    ArrowUp: () => beside(item, -1),
    ArrowDown: () => beside(item, 1),
    Home: () => shown[0],
    End: () => shown.at(-1),
  }[key]();
  if (next) {
    focusItem(next);
  }
}

function judge(key, item) {
  switch (key) {
    case 'k': change(item, { verdict: 'Kept' }); break;
    case 'x': change(item, { verdict: 'Rejected' }); break;
    case 'n': editNote(item); break;
    case 'u': undo(item); break;
    case 'c': openCompare(item); break;
    default: change(item, { rating: Number(key) });
  }
}

// A frame of the usual 24 a second.
const frame = 1 / 24;

document.addEventListener('keydown', event => {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return;
  }

  if (target.closest('input, select, textarea')) {
    if (event.key === 'Escape' && target === find) {
      event.preventDefault();
      find.value = '';
      filter();
    }

    return;
  }

  // With a keyboard of another script, the place of a key counts.
  const key = /^[\x20-\x7e]$/.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^(Key|Digit)/, '').toLowerCase();
  const isArrow = /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key);
  const isReview = /^[kxnuc0-5]$/.test(key);
  const item = compare.open ? pane : viewer.open ? current : itemOf(target);
  let isUsed = true;
  if (isReview && item) {
    judge(key, item);
    if (!compare.open && !viewer.open && item.place.hidden) {
      focusItem(item);
    }
  } else if (compare.open) {
    isUsed = act({ ArrowLeft: () => movePane(-1), ArrowRight: () => movePane(1) }, event.key)
      || (target.tagName !== 'BUTTON' && act({ ' ': togglePlay }, event.key));
  } else if (viewer.open) {
    const video = viewer.querySelector('video');
    isUsed = act({ ArrowLeft: () => move(-1), ArrowRight: () => move(1), ArrowUp: () => move(-1), ArrowDown: () => move(1) }, event.key)
      || (video && act({ ',': () => nudge(video, -frame), '.': () => nudge(video, frame) }, event.key))
      || (video && target.tagName !== 'BUTTON' && act({ ' ': () => video.paused ? video.play() : video.pause() }, event.key));
  } else if (isArrow && (item || (target === document.body && /Left|Right/.test(event.key)))) {
    goTo(event.key, item ?? focused);
  } else if (key === '/') {
    find.focus();
    find.select();
  } else if (event.key === 'Escape') {
    const menu = document.querySelector('.menu[open]');
    isUsed = menu !== null;
    menu?.removeAttribute('open');
  } else {
    isUsed = false;
  }

  if (isUsed) {
    event.preventDefault();
  }
});

function act(deeds, key) {
  deeds[key]?.();
  return key in deeds;
}

function nudge(video, by) {
  video.pause();
  video.currentTime = Math.max(0, video.currentTime + by);
}

// A browser may restore the values of the controls after a reload.
const hasTakes = items.some(item => takesOf(item).length > 1);
sort.value = 'order';
group.value = hasTakes ? 'row' : 'none';
size.value = 13;
clear();
arrange();
items.filter(item => item.mine).forEach(show);
tally();
localize(document.querySelector('.made').parentNode);
document.documentElement.classList.add('live');
document.querySelectorAll('.tools, .review').forEach(part => { part.hidden = false; });
