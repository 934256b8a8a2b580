// Two to four takes of a row, side by side and in step.
const mostTakes = 4;
const compare = dialog('compare', 'Compare takes');
let takes = [];
let pane = null;
let figures = [];
let beat = 0;
let isPaused = false;
let isRestarting = false;

const figureOf = item => figures.find(figure => figure.item === item)?.root;

function openCompare(item) {
  const all = takesOf(item);
  if (all.length < 2) {
    toast('There is no other take of this row on the page.');
    return;
  }

  if (viewer.open) {
    viewer.close();
  }

  takes = all;
  pane = all.includes(item) ? item : all[0];
  isPaused = still.matches;
  fillCompare();
  compare.showModal();
  figureOf(pane).focus();
}

function fillCompare() {
  closeFigures();
  const start = Math.max(0, Math.min(takes.indexOf(pane) - 1, takes.length - mostTakes));
  const shown = takes.slice(start, start + mostTakes);
  figures = shown.map(item => {
    const video = player(item, { muted: true, loop: false, preload: 'auto' });
    const panel = controls(() => item, editNote);
    const root = element('div', { tabIndex: 0, className: 'pane' },
      video,
      element('div', { className: 'caption' }, item.card.querySelector('.line').cloneNode(true), panel.root));
    root.setAttribute('role', 'group');
    root.ariaLabel = item.card.querySelector('.line').textContent.trim();
    root.dataset.order = item.order;
    video.addEventListener('click', togglePlay);
    root.addEventListener('focusin', () => { pane = item; });
    return { item, root, video, panel };
  });
  const where = takes.length > mostTakes ? `takes ${start + 1} to ${start + shown.length} of ${takes.length}` : `${takes.length} takes`;
  const play = button(isPaused ? '▶' : '❚❚', 'Play or pause (Space)', togglePlay);
  play.className = 'play';
  const grid = element('div', { className: `panes of-${shown.length}` }, ...figures.map(figure => figure.root));
  compare.replaceChildren(
    element('div', { className: 'bar-top' },
      element('h2', { dir: 'auto', textContent: pane.title }),
      element('span', { className: 'at', textContent: where }),
      play,
      button('✕', 'Close (Esc)', () => compare.close())),
    grid);
  figures[0].video.addEventListener('loadedmetadata', () =>
    grid.classList.toggle('tall', figures[0].video.videoWidth < figures[0].video.videoHeight * 1.2));
  restart();
}

function closeFigures() {
  cancelAnimationFrame(beat);
  figures.forEach(figure => {
    figure.panel.drop();
    empty(figure.root);
  });
  figures = [];
}

function togglePlay() {
  isPaused = !isPaused;
  compare.querySelector('.play').textContent = isPaused ? '▶' : '❚❚';
  const videos = playable();
  if (isPaused) {
    videos.forEach(video => video.pause());
    // A still picture is compared, too, so all show the same moment.
    const time = Math.min(...videos.map(video => video.currentTime));
    videos.forEach(video => { video.currentTime = time; });
  } else {
    videos.filter(video => !video.ended).forEach(video => video.play().catch(() => {}));
    step();
  }
}

const playable = () => figures.map(figure => figure.video).filter(video => !video.error);

// Starts all of them together, once each can play.
async function restart() {
  const started = figures;
  isRestarting = true;
  const videos = playable();
  videos.forEach(video => {
    video.pause();
    video.playbackRate = 1;
    video.currentTime = 0;
  });
  await Promise.all(videos.map(video => new Promise(ready => {
    const check = () => {
      if (video.error || (video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !video.seeking)) {
        ['canplay', 'seeked', 'error'].forEach(name => video.removeEventListener(name, check));
        ready();
      }
    };
    ['canplay', 'seeked', 'error'].forEach(name => video.addEventListener(name, check));
    check();
  })));
  if (started !== figures || !compare.open) {
    return;
  }

  isRestarting = false;
  if (!isPaused) {
    playable().forEach(video => video.play().catch(() => {}));
    step();
  }
}

// The longest video sets the time, and the others follow it. A shorter one waits at its end until all start again.
function step() {
  cancelAnimationFrame(beat);
  if (isPaused || isRestarting || !compare.open) {
    return;
  }

  const videos = playable();
  const leader = videos.reduce((longest, video) => video.duration > longest.duration ? video : longest, videos[0]);
  if (!leader || leader.ended) {
    if (leader) {
      restart();
    }

    return;
  }

  for (const video of videos) {
    const drift = leader.currentTime - video.currentTime;
    if (video === leader || video.ended || video.seeking || leader.currentTime > video.duration - 0.05) {
      continue;
    }

    if (Math.abs(drift) > 0.3) {
      video.currentTime = leader.currentTime;
    } else {
      video.playbackRate = Math.abs(drift) < 0.008 ? 1 : 1 + Math.max(-0.3, Math.min(0.3, drift * 5));
    }
  }

  beat = requestAnimationFrame(step);
}

function movePane(by) {
  const next = takes[takes.indexOf(pane) + by];
  if (next) {
    pane = next;
    if (!figureOf(next)) {
      fillCompare();
    }

    figureOf(next).focus();
  }
}

compare.addEventListener('close', () => {
  leaveNote();
  closeFigures();
  compare.replaceChildren();
  focusItem(pane);
});
