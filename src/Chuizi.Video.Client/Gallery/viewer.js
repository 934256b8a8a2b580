// The large view of one video, with everything that is known about it.
const dialog = (name, label) => {
  const made = element('dialog', { className: name, ariaLabel: label });
  made.addEventListener('click', event => {
    if (event.target === made) {
      made.close();
    }
  });
  document.body.append(made);
  return made;
};

const viewer = dialog('viewer', 'Video');
let current = null;
let review = null;

function openViewer(item, isForNote = false) {
  fillViewer(item);
  if (!viewer.open) {
    viewer.showModal();
  }

  viewer.querySelector(isForNote ? 'textarea' : '.stage').focus();
}

function player(item, properties) {
  const video = element('video', { playsInline: true, loop: true, ...properties, src: item.video.getAttribute('src') });
  video.setAttribute('aria-label', item.title.slice(0, 200));
  return video;
}

function empty(root) {
  root.querySelectorAll('video').forEach(video => {
    video.pause();
    video.removeAttribute('src');
    video.load();
  });
  root.replaceChildren();
}

function fillViewer(item) {
  leaveNote();
  review?.drop();
  empty(viewer);
  current = item;
  review = controls(() => current);
  const shown = shownItems();
  const at = shown.indexOf(item);
  const bar = element('div', { className: 'bar-top' },
    element('span', { className: 'at', textContent: at < 0 ? '' : `${at + 1} of ${shown.length}` }),
    button('←', 'Previous video (←)', () => move(-1)),
    button('→', 'Next video (→)', () => move(1)),
    button('✕', 'Close (Esc)', () => viewer.close()));
  const stage = element('div', { className: 'stage', tabIndex: -1 });
  if (item.video) {
    const video = player(item, { controls: true });
    stage.append(video);
    if (!still.matches) {
      // Without a click or a key on the page, a browser allows only silent videos to play.
      video.play().catch(() => {
        video.muted = true;
        return video.play();
      }).catch(() => {});
    }
  } else {
    const note = item.media.cloneNode(true);
    note.querySelectorAll('.opener, .source').forEach(part => part.remove());
    stage.append(note);
  }

  const source = item.media.querySelector('.source');
  const more = item.card.querySelector('.more').cloneNode(true);
  localize(more);
  if (item.lengthText && !item.lengthText.hidden && !item.card.dataset.length) {
    more.prepend(element('dt', { textContent: 'Length' }), element('dd', { textContent: item.lengthText.textContent }));
  }

  const side = element('div', { className: 'side' }, bar,
    element('h2', { dir: 'auto', textContent: item.title }),
    review.root,
    noteField(item),
    actions(item));
  if (source) {
    side.append(element('figure', { className: 'source' },
      element('img', { src: source.getAttribute('src'), alt: 'Source image' }), element('figcaption', { textContent: 'Source image' })));
  }

  side.append(more);
  viewer.append(stage, side);
}

function actions(item) {
  const root = element('div', { className: 'actions' });
  if (item.prompt) {
    root.append(button('Copy prompt', 'Copy prompt', () => copy(item.prompt, 'Prompt copied.')));
  }

  if (item.command) {
    root.append(button('Copy command', 'Copy command for PowerShell', () => copy(item.command, 'Command copied.')));
  }

  if (item.video) {
    root.append(element('a', {
      className: 'button',
      href: item.video.getAttribute('src').replace(/#t=0\.001$/, ''),
      download: item.name,
      target: '_blank',
      rel: 'noopener',
      // Browsers download only from the server of the page. They open a file from a disk.
      textContent: location.protocol === 'file:' ? 'Open file' : 'Download',
    }));
  }

  if (takesOf(item).length > 1) {
    root.append(button('Compare takes', 'Compare takes (C)', () => openCompare(item)));
  }

  return root;
}

// A note is recorded when its field is left.
function noteField(item) {
  const field = element('textarea', { rows: 2, maxLength: 2000, value: now(item).note, placeholder: 'Note', ariaLabel: 'Note' });
  field.dir = 'auto';
  field.disabled = !item.id;
  field.addEventListener('change', () => change(item, { note: field.value.trim() }));
  field.addEventListener('keydown', event => {
    if ((event.key === 'Enter' && !event.shiftKey && !event.isComposing) || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      leaveNote();
    }
  });
  return field;
}

let returning = null;
function editNote(item) {
  if (!item.id) {
    change(item, {});
  } else if (viewer.open) {
    viewer.querySelector('textarea').focus();
  } else {
    const figure = compare.open ? figureOf(item) : item.card;
    const body = compare.open ? figure : figure.querySelector('.body');
    let field = body.querySelector('textarea');
    if (!field) {
      field = noteField(item);
      field.addEventListener('blur', () => field.remove());
      body.append(field);
    }

    returning = compare.open ? figure : item.opener;
    field.focus();
  }
}

function leaveNote() {
  const field = document.activeElement;
  if (field instanceof HTMLTextAreaElement) {
    // Leaving the field by code fires no change event in every browser.
    field.dispatchEvent(new Event('change'));
    (viewer.open ? viewer.querySelector('.stage') : returning)?.focus();
  }
}

function move(by) {
  const next = neighbour(current, by);
  if (next) {
    fillViewer(next);
    viewer.querySelector('.stage').focus();
  }
}

// The next shown video, also from one that a filter has just hidden.
function neighbour(item, by) {
  for (let at = items.indexOf(item) + by; at >= 0 && at < items.length; at += by) {
    if (!items[at].place.hidden) {
      return items[at];
    }
  }

  return null;
}

viewer.addEventListener('close', () => {
  review?.drop();
  empty(viewer);
  focusItem(current);
});

function focusItem(item) {
  const next = item.place.hidden ? neighbour(item, 1) ?? neighbour(item, -1) : item;
  next?.opener.focus({ preventScroll: true });
  next?.place.scrollIntoView({ block: 'nearest' });
}
