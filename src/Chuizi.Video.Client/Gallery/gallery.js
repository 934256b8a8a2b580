// The videos of the page, and which of them are loaded. Without the script the page is complete, and its videos play with native controls.
const list = document.getElementById('videos');
const tools = document.querySelector('.tools');
if (!list || !tools) {
  return;
}

const byId = id => document.getElementById(id);
const find = byId('find');
const model = byId('model');
const sort = byId('sort');
const group = byId('group');
const size = byId('size');
const none = byId('none');
const chips = [...document.querySelectorAll('.chip input')];
const columns = [...document.querySelectorAll('select[name="column"]')];
const still = matchMedia('(prefers-reduced-motion: reduce)');
const fold = text => text.normalize('NFKC').toLowerCase();

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const button = (text, label, press) => element('button', { type: 'button', textContent: text, title: label, ariaLabel: label, onclick: press });

// Unknown values come last.
const number = text => text === undefined ? -Infinity : Number(text);

const items = [...list.children].map(place => {
  const card = place.firstElementChild;
  const data = card.dataset;
  const heading = card.querySelector('h3');
  return {
    place,
    card,
    heading,
    media: card.querySelector('.media'),
    video: card.querySelector('video'),
    lengthText: card.querySelector('.length'),
    markText: card.querySelector('.mark'),
    noteText: card.querySelector('.said'),
    isNear: false,
    isFar: true,
    text: null,
    title: heading.textContent,
    prompt: heading.className === 'empty' ? '' : heading.textContent,
    id: data.id,
    origin: data.origin ?? null,
    order: Number(data.order),
    status: data.status,
    model: data.model,
    row: data.row,
    line: data.line,
    columns: data.columns?.split(' ') ?? [],
    name: data.name ?? '',
    command: data.command,
    created: number(data.created),
    cost: number(data.cost),
    latency: number(data.latency),
    length: number(data.length),
  };
});
const byCard = new Map(items.map(item => [item.card, item]));
const itemOf = target => target instanceof Element ? byCard.get(target.closest('article.card')) : undefined;
const shownItems = () => items.filter(item => !item.place.hidden);
const takesOf = item => item.row ? items.filter(other => other.row === item.row && other.video) : [];

const clock = seconds => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

// The picture is a button, and the native controls appear in the large view only.
for (const item of items) {
  item.opener = button('', `Open video ${item.order}: ${item.title.slice(0, 80)}`, () => openViewer(item));
  item.opener.className = 'opener';
  item.opener.title = '';
  item.media.append(item.opener);
  item.video?.removeAttribute('controls');
}

// Only a few videos are loaded at any time: those near the viewport. One that is playing is not unloaded.
function load(item) {
  if (item.video.preload !== 'metadata') {
    item.video.preload = 'metadata';
  }
}

function unload(item) {
  const isLoaded = item.video.preload !== 'none' || item.video.readyState > 0 || item.video.networkState === HTMLMediaElement.NETWORK_LOADING;
  if (isLoaded && item.video.paused) {
    item.video.preload = 'none';
    // Setting the source again discards what was loaded. load() would fetch it again, whatever the value of preload.
    item.video.src = item.video.getAttribute('src');
  }
}

// Videos that only pass by while the page is scrolled are not loaded: only those that are still near a moment later.
let settling = 0;
const near = new IntersectionObserver(entries => {
  for (const entry of entries) {
    byCard.get(entry.target).isNear = entry.isIntersecting;
  }

  settling ||= setTimeout(() => {
    settling = 0;
    items.filter(item => item.isNear).forEach(load);
  }, 100);
}, { rootMargin: '300px 0px' });
const far = new IntersectionObserver(entries => {
  for (const entry of entries) {
    const item = byCard.get(entry.target);
    item.isFar = !entry.isIntersecting;
    if (item.isFar) {
      unload(item);
    }
  }
}, { rootMargin: '800px 0px' });
for (const item of items.filter(item => item.video)) {
  near.observe(item.card);
  far.observe(item.card);
}

// Media events do not bubble.
document.addEventListener('play', event => {
  for (const item of items) {
    if (item.video && item.video !== event.target && !item.video.paused) {
      item.video.pause();
    }
  }
}, true);
document.addEventListener('pause', event => {
  const item = itemOf(event.target);
  if (item && item.isFar) {
    unload(item);
  }
}, true);
document.addEventListener('loadedmetadata', event => {
  const item = itemOf(event.target);
  if (item && Number.isFinite(item.video.duration)) {
    item.length = item.video.duration;
    item.lengthText.textContent = clock(item.video.duration);
    item.lengthText.hidden = false;
    setShape(item.place, item.video.videoWidth / item.video.videoHeight);
  }
}, true);
document.addEventListener('loadeddata', event => itemOf(event.target)?.card.classList.add('seen'), true);
document.addEventListener('emptied', event => itemOf(event.target)?.card.classList.remove('seen'), true);
document.addEventListener('error', event => {
  const item = itemOf(event.target);
  if (item?.video === event.target && (event.target.networkState === HTMLMediaElement.NETWORK_NO_SOURCE || event.target.error)) {
    if (!item.media.querySelector('.gone')) {
      item.media.append(element('p', { className: 'gone', textContent: 'The file was not found, or this browser cannot play it.' }));
    }
  } else if (event.target.matches?.('img.source')) {
    event.target.remove();
  }
}, true);

function setShape(place, shape) {
  if (shape > 0 && Math.abs(shape / Number(getComputedStyle(place).getPropertyValue('--shape')) - 1) > 0.02) {
    place.style.setProperty('--shape', Math.min(Math.max(shape, 0.4), 2.6).toFixed(4));
  }
}

// A preview plays without sound while the pointer rests on the picture.
let waiting = 0;
const enters = event => {
  const item = event.target.closest('.media') ? itemOf(event.target) : null;
  return item?.video && !item.media.contains(event.relatedTarget) ? item.video : null;
};
list.addEventListener('pointerover', event => {
  const video = enters(event);
  if (video && event.pointerType === 'mouse' && !still.matches) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      video.muted = video.loop = true;
      video.play().catch(() => {});
    }, 150);
  }
});
list.addEventListener('pointerout', event => {
  const video = enters(event);
  if (video) {
    clearTimeout(waiting);
  }

  if (video && !video.paused && video.loop) {
    video.pause();
    video.loop = false;
    video.currentTime = 0.001;
  }
});
