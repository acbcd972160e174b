'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const by = (id) => document.getElementById(id);
  const views = [...document.querySelectorAll('.view')];
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const clear = (element) => element.replaceChildren();
  const drawing = (view) => view.querySelector('svg');
  const nodesOf = (view) => [...view.querySelectorAll('.node')];
  const edgesOf = (view) => [...view.querySelectorAll('.edge')];
  let shown = views[0];

  // Zoom and move.
  const places = new Map();
  const size = (view) => ({ width: drawing(view).viewBox.baseVal.width, height: drawing(view).viewBox.baseVal.height });
  const put = (view) => {
    const { x, y, scale } = places.get(view);
    drawing(view).style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  };
  const limit = (scale) => Math.min(4, Math.max(0.02, scale));
  // What is smaller cannot be read: a note has 12 units, and so 10 pixels.
  const LEGIBLE = 0.8;
  const whole = (view) => {
    const { width, height } = size(view);
    return limit(Math.min(1.25, (view.clientWidth - 24) / width, (view.clientHeight - 24) / height));
  };
  const fit = (view) => {
    const { width, height } = size(view);
    const scale = whole(view);
    places.set(view, {
      scale, x: Math.max(12, (view.clientWidth - width * scale) / 2), y: Math.max(12, (view.clientHeight - height * scale) / 2),
    });
    put(view);
  };
  // The whole where it can be read, else its upper part around what stands first.
  const open = (view) => {
    if (whole(view) >= LEGIBLE) { fit(view); return; }
    const { width, height } = size(view);
    const roots = nodesOf(view).filter((it) => !it.dataset.within).map(box);
    const first = roots.sort((a, b) => a.y - b.y || a.x - b.x)[0];
    const room = (inner, outer, wanted) => (inner <= outer - 24 ? (outer - inner) / 2 : Math.min(12, Math.max(outer - 12 - inner, wanted)));
    places.set(view, {
      scale: LEGIBLE,
      x: room(width * LEGIBLE, view.clientWidth, view.clientWidth / 2 - (first.x + first.width / 2) * LEGIBLE),
      y: room(height * LEGIBLE, view.clientHeight, 12),
    });
    put(view);
  };
  const zoom = (view, factor, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const place = places.get(view);
    const scale = limit(place.scale * factor);
    const grown = scale / place.scale;
    places.set(view, { scale, x: x - (x - place.x) * grown, y: y - (y - place.y) * grown });
    put(view);
  };
  const box = (node) => node.querySelector(':scope > .box').getBBox();
  const bring = (view, node, least = LEGIBLE) => {
    const rect = box(node);
    const scale = limit(Math.max(places.get(view).scale, least));
    const middle = (start, length, room) => (length * scale > room - 24 ? 12 - start * scale : room / 2 - (start + length / 2) * scale);
    places.set(view, { scale, x: middle(rect.x, rect.width, view.clientWidth), y: middle(rect.y, rect.height, view.clientHeight) });
    put(view);
  };
  const isInside = (view, node) => {
    const [inner, outer] = [node.getBoundingClientRect(), view.getBoundingClientRect()];
    return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
  };
  for (const view of views) {
    let from = null;
    let moved = false;
    view.addEventListener('wheel', (event) => {
      event.preventDefault();
      const frame = view.getBoundingClientRect();
      zoom(view, Math.exp(-event.deltaY / 400), event.clientX - frame.left, event.clientY - frame.top);
    }, { passive: false });
    view.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      from = { x: event.clientX, y: event.clientY, place: places.get(view) };
      moved = false;
    });
    view.addEventListener('pointermove', (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved && Math.hypot(x, y) < 4) return;
      if (!moved) view.setPointerCapture(event.pointerId);
      moved = true;
      view.classList.add('drag');
      places.set(view, { ...from.place, x: from.place.x + x, y: from.place.y + y });
      put(view);
    });
    const end = () => { from = null; view.classList.remove('drag'); };
    view.addEventListener('pointerup', end);
    view.addEventListener('pointercancel', end);
    view.addEventListener('click', (event) => {
      if (moved) { moved = false; return; }
      choose(event.target.closest('.node'));
    });
    for (const node of nodesOf(view)) {
      node.setAttribute('tabindex', '0');
      node.setAttribute('role', 'button');
      node.setAttribute('aria-label', node.querySelector('title').textContent.replaceAll('\n', ', '));
      node.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose(node);
      });
    }
  }
  by('in').addEventListener('click', () => zoom(shown, 1.3));
  by('out').addEventListener('click', () => zoom(shown, 1 / 1.3));
  by('fit').addEventListener('click', () => fit(shown));
  by('full').addEventListener('click', () => zoom(shown, 1 / places.get(shown).scale));
  let resized = 0;
  window.addEventListener('resize', () => { clearTimeout(resized); resized = setTimeout(() => open(shown), 60); });
  const fold = () => {
    const isFolded = document.body.classList.toggle('folded');
    by('fold').setAttribute('aria-expanded', String(!isFolded));
  };
  by('fold').addEventListener('click', fold);

  // Views.
  const show = (index) => {
    views.forEach((view, at) => { view.hidden = at !== index; });
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === index));
      tab.tabIndex = at === index ? 0 : -1;
    });
    shown = views[index];
    if (!places.has(shown)) open(shown);
    find(false);
  };
  tabs.forEach((tab, at) => {
    tab.addEventListener('click', () => show(at));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (at + step + tabs.length) % tabs.length;
      show(next);
      tabs[next].focus();
    });
  });

  // What was clicked.
  const link = (place) => {
    const cut = place.lastIndexOf(':');
    const [file, line] = [place.slice(0, cut), Number(place.slice(cut + 1))];
    const links = [];
    if (data.root !== null && location.protocol === 'file:') {
      const path = new URL(`${encodeURI(data.root)}${encodeURI(file)}`.replaceAll('#', '%23').replaceAll('?', '%3F'), location.href).pathname;
      links.push(make('a', { href: `vscode://file${path}:${line}` }, 'Open in Visual Studio Code'));
    }
    if (data.web && data.web.base.startsWith('https://')) {
      const path = data.web.folder + file;
      const address = data.web.kind === 'github'
        ? `${data.web.base}/blob/${encodeURIComponent(data.web.branch)}/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`
        : `${data.web.base}?path=${encodeURIComponent(`/${path}`)}&version=GB${encodeURIComponent(data.web.branch)}&line=${line}&lineEnd=${line + 1}&lineStartColumn=1&lineEndColumn=1`;
      links.push(make('a', { href: address, target: '_blank', rel: 'noreferrer' }, 'Show in the repository'));
    }
    return links;
  };
  const spot = (place) => {
    const copy = make('button', { type: 'button' }, 'Copy');
    copy.addEventListener('click', async () => {
      try { await navigator.clipboard.writeText(place); } catch {
        const area = make('textarea');
        area.value = place;
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
      }
      copy.textContent = 'Copied';
      setTimeout(() => { copy.textContent = 'Copy'; }, 1200);
    });
    return make('div', { class: 'places' }, make('code', {}, place), copy, ...link(place));
  };
  // What all drawings say of a thing, by its name.
  const twins = new Map();
  const parents = new Map();
  const edges = views.flatMap(edgesOf);
  for (const node of views.flatMap(nodesOf)) {
    const { id, within } = node.dataset;
    twins.set(id, [...(twins.get(id) ?? []), node]);
    if (within) parents.set(id, within);
  }
  const linesOf = (node) => {
    const lines = node.querySelector('title').textContent.split('\n');
    return node.dataset.place ? lines.slice(0, -1) : lines;
  };
  const nameOf = (id) => linesOf(twins.get(id)[0])[0];
  const said = (id) => [...new Set(twins.get(id).flatMap((it) => linesOf(it).slice(1)))];
  const heldBy = (id) => [...parents].filter(([, within]) => within === id).map(([it]) => it);
  const goTo = (id) => {
    const all = twins.get(id);
    const node = all.find((it) => shown.contains(it)) ?? all[0];
    const index = views.findIndex((it) => it.contains(node));
    if (views[index] !== shown) show(index);
    choose(node);
    bring(shown, node);
  };
  const item = (id, lines) => {
    const jump = make('button', { type: 'button', class: 'jump' }, nameOf(id));
    jump.addEventListener('click', () => goTo(id));
    return make('li', {}, jump, ...lines.map((it) => make('div', { class: 'soft' }, it)));
  };
  const KINDS = {
    starts: ['Started by', 'Starts'], then: ['After', 'Before'], runs: ['Run by', 'Runs'], data: ['Takes from', 'Gives to'],
    deploys: ['Deployed to by', 'Deploys to'], changes: ['Changed by', 'Changes'], decides: ['Decided by', 'Decides'],
  };
  const neighbours = (id) => Object.entries(KINDS).flatMap(([kind, titles]) => titles.flatMap((title, out) => {
    const found = new Map();
    for (const edge of edges.filter((it) => it.classList.contains(kind))) {
      const { from, to } = edge.dataset;
      if ((out ? from : to) !== id) continue;
      const other = out ? to : from;
      const label = edge.querySelector('title').textContent.slice(`${nameOf(from)} ${kind} ${nameOf(to)}: `.length);
      const about = twins.get(other)[0].classList.contains('source') ? said(other) : [];
      const lines = [...(found.get(other) ?? []), ...(label && label !== kind ? [label] : []), ...about];
      found.set(other, [...new Set(lines)]);
    }
    if (found.size === 0) return [];
    return [make('h3', {}, title), make('ul', {}, ...[...found].map(([other, lines]) => item(other, lines)))];
  }));
  // Stages say themselves who is asked, where the system is drawn too.
  const inside = (id) => {
    const all = heldBy(id).filter((it) => twins.get(id).length === 1 || !twins.get(it)[0].classList.contains('approval'));
    if (all.length === 0) return [];
    return [make('ul', {}, ...all.map((it) => {
      const entry = item(it, said(it));
      entry.append(...inside(it));
      return entry;
    }))];
  };
  const choose = (node) => {
    document.querySelectorAll('.chosen, .near').forEach((it) => it.classList.remove('chosen', 'near'));
    const about = by('about');
    clear(about);
    about.parentElement.classList.toggle('empty', !node);
    if (!node) {
      about.append(make('p', { class: 'soft' }, 'Click something to see all of it, and where it stands in the sources.'));
      return;
    }
    const { id, place } = node.dataset;
    node.classList.add('chosen');
    for (const edge of edgesOf(shown)) {
      if ([edge.dataset.from, edge.dataset.to].includes(id)) edge.classList.add('near');
    }
    about.append(make('p', {}, make('strong', {}, nameOf(id))), ...said(id).map((it) => make('p', {}, it)));
    if (place) about.append(spot(place));
    about.append(...neighbours(id));
    const held = inside(id);
    if (held.length > 0) about.append(make('h3', {}, 'Inside'), ...held);
    by('panel').scrollTop = 0;
    if (!isInside(shown, node.querySelector('.head'))) bring(shown, node, 0);
  };

  // Search: in what a drawing says, and in what others say of the same things and of what is inside of them.
  const field = by('find');
  let found = [];
  let at = -1;
  const texts = new Map();
  const textsOf = (view) => {
    if (texts.has(view)) return texts.get(view);
    const own = new Map(nodesOf(view).map((it) => [it.dataset.id, '']));
    for (const [id, all] of twins) {
      let host = id;
      while (host && !own.has(host)) host = parents.get(host);
      if (host) own.set(host, `${own.get(host)}\n${all.map((it) => it.querySelector('title').textContent).join('\n')}`.toLowerCase());
    }
    texts.set(view, own);
    return own;
  };
  const matches = (view, wanted) => {
    if (wanted === '') return [];
    const own = textsOf(view);
    return nodesOf(view).filter((node) => own.get(node.dataset.id).includes(wanted));
  };
  const find = (go) => {
    const wanted = field.value.trim().toLowerCase();
    const elsewhere = [];
    views.forEach((view, index) => {
      drawing(view).classList.toggle('finding', wanted !== '');
      const hits = matches(view, wanted);
      nodesOf(view).forEach((node) => node.classList.toggle('found', hits.includes(node)));
      if (view === shown) found = hits;
      else if (hits.length > 0) elsewhere.push(`${hits.length} in ${tabs[index].textContent}`);
    });
    at = -1;
    const here = found.length > 0 ? `${found.length} found` : elsewhere.length > 0 ? `nothing here, ${elsewhere.join(', ')}` : 'nothing';
    by('count').textContent = wanted === '' ? '' : here;
    if (go && found.length > 0) next(1);
  };
  const next = (step) => {
    at = (at + step + found.length) % found.length;
    by('count').textContent = `${at + 1} of ${found.length}`;
    choose(found[at]);
    bring(shown, found[at]);
  };
  field.addEventListener('input', () => find(false));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { field.value = ''; find(false); }
    if (event.key !== 'Enter') return;
    if (found.length === 0) find(true); else next(event.shiftKey ? -1 : 1);
  });
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') { event.preventDefault(); field.focus(); }
    if (event.key === '+') zoom(shown, 1.3);
    if (event.key === '-') zoom(shown, 1 / 1.3);
    if (event.key === '0') fit(shown);
    if (event.key === '1') zoom(shown, 1 / places.get(shown).scale);
    if (event.key === 'p') fold();
  });

  // What happens if.
  const [select, slider, log, idle] = ['event', 'step', 'log', 'idle'].map(by);
  let current = null;
  let step = 0;
  let timer = 0;
  const marks = Object.keys(data.signs).map((it) => `is-${it}`);
  const fresh = () => {
    document.querySelectorAll('.badge').forEach((it) => it.remove());
    document.querySelectorAll('.lit').forEach((it) => it.classList.remove('lit', ...marks));
  };
  const light = (element, mark) => {
    element.classList.remove(...marks);
    element.classList.add('lit', `is-${mark}`);
  };
  const badge = (node, sign) => {
    const rect = box(node);
    const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    text.setAttribute('class', 'badge');
    text.setAttribute('x', rect.x + rect.width - 8);
    text.setAttribute('y', rect.y + 18);
    text.textContent = sign;
    node.append(text);
  };
  const paint = () => {
    fresh();
    const states = new Map();
    const started = new Set();
    for (const entry of current.entries.slice(0, step)) {
      if (entry.node) states.set(entry.node, entry.mark);
      for (const id of entry.also) states.set(id, entry.mark);
      if (entry.pipeline && !states.has(entry.pipeline)) states.set(entry.pipeline, 'starts');
      if (entry.mark === 'starts' && entry.place) started.add(`${entry.pipeline}\n${entry.place}`);
    }
    for (const view of views) {
      drawing(view).classList.toggle('live', nodesOf(view).some((node) => states.has(node.dataset.id)));
      for (const node of nodesOf(view)) {
        const mark = states.get(node.dataset.id);
        if (!mark) continue;
        light(node, mark);
        badge(node, data.signs[mark]);
      }
      const lit = new Map(nodesOf(view).map((node) => [node.dataset.id, node]));
      for (const edge of edgesOf(view)) {
        const { from, to } = edge.dataset;
        const fired = started.has(`${to}\n${edge.dataset.place}`);
        const reached = edge.classList.contains('starts') ? fired : states.has(from) && states.has(to) && states.get(to) !== 'skips';
        if (!reached) continue;
        light(edge, 'does');
        view.querySelector(`.label[data-edge="${edge.dataset.edge}"]`)?.classList.add('lit');
        if (fired && lit.get(from)?.classList.contains('source')) light(lit.get(from), 'does');
      }
    }
    mention();
  };
  const mention = () => {
    slider.value = String(step);
    slider.setAttribute('aria-valuetext', step === 0 ? 'before it begins' : current.entries[step - 1].text);
    [...log.children].forEach((line, index) => {
      line.classList.toggle('now', index === step - 1);
      line.classList.toggle('later', index >= step);
    });
    by('back').disabled = step === 0;
    by('on').disabled = step === current.entries.length;
    idle.parentElement.hidden = step < current.entries.length || current.idle.length === 0;
    const line = log.children[step - 1];
    if (line) line.scrollIntoView({ block: 'nearest' });
  };
  const follow = () => {
    const id = current?.entries[step - 1]?.node;
    const node = id && nodesOf(shown).find((it) => it.dataset.id === id);
    if (node && !isInside(shown, node)) bring(shown, node);
  };
  const go = (to) => { step = Math.max(0, Math.min(current.entries.length, to)); paint(); follow(); };
  const stop = () => { clearInterval(timer); timer = 0; by('play').textContent = '▶ Play'; };
  const play = () => {
    if (timer) { stop(); return; }
    if (step === current.entries.length) go(0);
    by('play').textContent = '❚❚ Pause';
    timer = setInterval(() => {
      if (step >= current.entries.length) stop(); else go(step + 1);
    }, 550);
  };
  const pick = () => {
    stop();
    clear(log);
    clear(idle);
    current = data.events[Number(select.value)] ?? null;
    by('controls').hidden = !current;
    if (!current) {
      fresh();
      views.forEach((view) => drawing(view).classList.remove('live'));
      idle.parentElement.hidden = true;
      return;
    }
    slider.max = String(current.entries.length);
    let before = null;
    current.entries.forEach((entry, index) => {
      const name = entry.name ? make('b', {}, `${entry.name} `) : '';
      const line = make('button', { type: 'button' },
        make('time', {}, entry.at === before ? '' : entry.at), make('span', { class: 'sign' }, data.signs[entry.mark]),
        make('span', {}, name, entry.text));
      before = entry.at;
      line.addEventListener('click', () => { stop(); go(index + 1); });
      log.append(make('li', { class: entry.mark }, line));
    });
    for (const it of current.idle) {
      idle.append(make('li', {}, make('b', {}, it.name), ` ${it.why}`, it.place ? make('div', {}, make('code', {}, it.place)) : ''));
    }
    by('cut').textContent = current.cut ?? '';
    go(1);
  };
  data.events.forEach((event, index) => select.append(make('option', { value: String(index) }, event.title)));
  select.addEventListener('change', pick);
  slider.addEventListener('input', () => { stop(); go(Number(slider.value)); });
  by('back').addEventListener('click', () => { stop(); go(step - 1); });
  by('on').addEventListener('click', () => { stop(); go(step + 1); });
  by('end').addEventListener('click', () => { stop(); go(current.entries.length); });
  by('play').addEventListener('click', play);

  show(0);
  choose(null);
})();
