'use strict';
// Without this script the page is whole, and its videos play by their own controls; the script loads first pictures
// as they come near, and serves search, filters and order.
(() => {
  const list = document.getElementById('videos');
  const tools = document.querySelector('.tools');
  if (!list || !tools) {
    return;
  }

  const find = document.getElementById('find');
  const model = document.getElementById('model');
  const sort = document.getElementById('sort');
  const count = document.getElementById('count');
  const none = document.getElementById('none');
  const chips = [...tools.querySelectorAll('input[name="status"]')];
  const fold = text => text.normalize('NFKC').toLowerCase();

  const items = [...list.children].map(place => {
    const card = place.firstElementChild;
    return {
      place,
      card,
      video: card.querySelector('video'),
      isNear: false,
      isFar: true,
      text: null,
      order: Number(card.dataset.order),
      status: card.dataset.status,
      model: card.dataset.model,
      created: number(card.dataset.created),
      cost: number(card.dataset.cost),
      latency: number(card.dataset.latency),
    };
  });
  const byCard = new Map(items.map(item => [item.card, item]));

  // What is not known comes last.
  function number(text) {
    return text === undefined ? -Infinity : Number(text);
  }

  // Only a few videos are loaded at any time: those near the window. One that plays is left alone.
  function load(item) {
    if (item.video.preload !== 'metadata') {
      item.video.preload = 'metadata';
    }
  }

  function unload(item) {
    const isLoaded = item.video.preload !== 'none' || item.video.readyState > 0 || item.video.networkState === HTMLMediaElement.NETWORK_LOADING;
    if (isLoaded && item.video.paused) {
      item.video.preload = 'none';
      // Giving the address anew drops what was loaded; load() would fetch it again, whatever preload says.
      item.video.src = item.video.getAttribute('src');
    }
  }

  // What rushes past while the page is scrolled is not loaded: only what is still near a moment later.
  let settling = 0;
  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      byCard.get(entry.target).isNear = entry.isIntersecting;
    }

    settling ||= setTimeout(() => {
      settling = 0;
      items.filter(item => item.isNear).forEach(load);
    }, 100);
  }, { rootMargin: '400px 0px' });
  const far = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const item = byCard.get(entry.target);
      item.isFar = !entry.isIntersecting;
      if (item.isFar) {
        unload(item);
      }
    }
  }, { rootMargin: '1600px 0px' });
  for (const item of items.filter(item => item.video)) {
    near.observe(item.card);
    far.observe(item.card);
  }

  const itemOf = target => target instanceof HTMLVideoElement ? byCard.get(target.closest('article')) : undefined;
  // These events do not bubble.
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
  document.addEventListener('loadeddata', event => itemOf(event.target)?.card.classList.add('seen'), true);
  document.addEventListener('emptied', event => itemOf(event.target)?.card.classList.remove('seen'), true);
  document.addEventListener('error', event => {
    const item = itemOf(event.target);
    if (item && event.target.networkState === HTMLMediaElement.NETWORK_NO_SOURCE || item?.video.error) {
      const box = item.video.parentElement;
      if (!box.querySelector('.gone')) {
        const note = document.createElement('p');
        note.className = 'gone';
        note.textContent = 'The file was not found, or this browser cannot play it.';
        box.append(note);
      }
    }
  }, true);

  const urgency = ['failed', 'unknown', 'processing', 'skipped', 'succeeded'];
  const orders = {
    order: () => 0,
    created: (a, b) => b.created - a.created,
    cost: (a, b) => b.cost - a.cost,
    latency: (a, b) => b.latency - a.latency,
    model: (a, b) => a.model.localeCompare(b.model),
    status: (a, b) => place(a) - place(b),
  };

  function place(item) {
    const at = urgency.indexOf(item.status);
    return at < 0 ? 1 : at;
  }

  function textOf(item) {
    // Every text that comes from data carries dir="auto".
    item.text ??= fold([...item.card.querySelectorAll('[dir="auto"]')].map(element => element.textContent).join('\n'));
    return item.text;
  }

  function filter() {
    const words = fold(find.value).split(/\s+/).filter(word => word);
    const statuses = chips.filter(chip => chip.checked).map(chip => chip.value);
    const only = !model || model.value === 'all' ? null : model.value.slice(1);
    let shown = 0;
    for (const item of items) {
      const fits = (statuses.length === 0 || statuses.includes(item.status))
        && (only === null || item.model === only)
        && words.every(word => textOf(item).includes(word));
      item.place.hidden = !fits;
      if (fits) {
        shown++;
      } else if (item.video && !item.video.paused) {
        item.video.pause();
      }
    }

    none.hidden = shown > 0;
    count.textContent = shown === items.length ? `${shown} shown` : `${shown} of ${items.length} shown`;
  }

  function arrange() {
    const compare = orders[sort.value];
    items.sort((a, b) => {
      const by = compare(a, b);
      // With two unknown values, -Infinity minus -Infinity is NaN.
      return by || a.order - b.order;
    });
    list.append(...items.map(item => item.place));
  }

  function clear() {
    find.value = '';
    chips.forEach(chip => { chip.checked = false; });
    if (model) {
      model.value = 'all';
    }

    filter();
  }

  let typing = 0;
  find.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });
  chips.forEach(chip => chip.addEventListener('change', filter));
  model?.addEventListener('change', filter);
  sort.addEventListener('change', arrange);
  document.getElementById('all').addEventListener('click', () => {
    clear();
    find.focus();
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest('input, select, textarea')) {
      event.preventDefault();
      find.focus();
      find.select();
    } else if (event.key === 'Escape' && event.target === find) {
      event.preventDefault();
      find.value = '';
      filter();
    }
  });

  // On paper nothing can be opened.
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = [...list.querySelectorAll('details:not([open])')];
    opened.forEach(details => { details.open = true; });
  });
  window.addEventListener('afterprint', () => {
    opened.forEach(details => { details.open = false; });
    opened = [];
  });

  // A browser may have kept what was typed before a reload.
  clear();
  sort.value = 'order';
  tools.hidden = false;
})();
