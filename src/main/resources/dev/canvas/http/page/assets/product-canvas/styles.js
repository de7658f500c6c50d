/** The styles inside the gallery's shadow root. Pages can change them through custom properties and parts. */
const STYLES = /* css */ `
:host {
  --_surface: var(--canvas-surface, light-dark(#efece7, #21201e));
  --_ink: var(--canvas-ink, light-dark(#1b1a18, #f2efe9));
  --_quiet: var(--canvas-quiet, light-dark(#66625b, #a8a39a));
  --_line: var(--canvas-line, light-dark(#d5d0c7, #3a3733));
  --_focus: var(--canvas-focus, light-dark(#1f5fbf, #8ab6ff));
  --_backdrop: var(--canvas-backdrop, light-dark(#fbfaf8, #0e0e0d));
  --_gap: var(--canvas-gap, 0.5rem);
  --_radius: var(--canvas-radius, 0.25rem);
  --_ratio: var(--canvas-ratio, 4 / 5);
  --_thumbs: calc(var(--canvas-thumb, 3.5rem) + 0.5rem);
  --_tall: min(100svh, 86rem);
  display: block;
  color: var(--_ink);
}
:host([hidden]) { display: none; }
*, *::before { box-sizing: border-box; }
ul, p { margin: 0; padding: 0; list-style: none; }
button { margin: 0; padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
button[aria-disabled="true"] { cursor: default; opacity: 0.35; }
[hidden] { display: none !important; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--_focus); outline-offset: 3px; }

.gallery { position: relative; }
.frame { position: relative; }
.item { position: relative; overflow: hidden; border-radius: var(--_radius); background: var(--_surface); }
.item:has(:focus-visible) { outline: 3px solid var(--_focus); outline-offset: 3px; }
.item :focus-visible { outline: none; }
.item > * { position: absolute; inset: 0; }
.open { display: block; width: 100%; height: 100%; cursor: zoom-in; }
.item img, .item video { display: block; width: 100%; height: 100%; object-fit: contain; }
.item img.cropped { object-fit: cover; }
.icon.play { position: absolute; inset: 0; place-items: end start; width: 100%; height: 100%; padding: 0.75rem; border-radius: 0; background: none; }
.icon.play svg { width: 2.75rem; padding: 0.75rem; border-radius: 50%; background: color-mix(in srgb, var(--_backdrop) 85%, transparent); fill: currentColor; transition: scale 0.2s; }
.stage .icon.play { place-items: center; }
.stage .icon.play svg { width: 3.5rem; padding: 1rem; }
@media (hover: hover) { .icon.play:hover svg { scale: 1.08; } }

/* The space is the same while the media are loaded, and in a strip: a picture and its thumbnails, within the window. */
.loading, [data-layout="strip"] .frame { box-sizing: content-box; aspect-ratio: var(--_ratio); max-height: calc(100svh - var(--_thumbs)); }
.loading, [data-layout="strip"].single .frame { padding-block-end: var(--_thumbs); }
.loading.roomy, [data-layout="strip"].roomy .frame { box-sizing: border-box; aspect-ratio: auto; height: calc(var(--_tall) - var(--_thumbs)); max-height: none; padding: 0; }
.loading.roomy, [data-layout="strip"].roomy.single .frame { height: var(--_tall); }
.loading { border-radius: var(--_radius); background: var(--_surface); }
.loading:focus { outline: none; }
.unavailable { display: grid; place-items: center; color: var(--_quiet); text-align: center; }

[data-layout="strip"] .strip {
  position: absolute; inset: 0; display: flex; gap: var(--_gap); overflow-x: auto; overscroll-behavior-x: contain;
  scroll-snap-type: x mandatory; scrollbar-width: none; border-radius: var(--_radius);
}
[data-layout="strip"] .strip::-webkit-scrollbar { display: none; }
[data-layout="strip"] .item { flex: 0 0 100%; aspect-ratio: auto !important; scroll-snap-align: center; scroll-snap-stop: always; }
[data-layout="strip"] .item:has(:focus-visible) { outline-offset: -3px; }

/* Rows that fill the width: what stands alone in its row, because a wide one follows or because it is the last, grows. */
[data-layout="grid"] .strip { display: flex; flex-wrap: wrap; gap: var(--_gap); }
[data-layout="grid"].roomy .strip { min-height: var(--_tall); }
[data-layout="grid"] .item {
  flex: 1 1 calc((100% - (var(--canvas-columns, 2) - 1) * var(--_gap)) / var(--canvas-columns, 2) - 0.1px);
  min-width: 0; aspect-ratio: var(--_ratio); min-height: 6rem; max-height: var(--_tall);
}
[data-layout="grid"] .wide { flex-basis: 100%; }
/* The last three of an odd number share a row, so that the last does not grow to twice its size. */
[data-layout="grid"] .strip:not(:has(> .wide)):has(> :last-child:nth-child(2n + 5)) > :nth-last-child(-n + 3) {
  flex-basis: calc(100% - clamp(0, var(--canvas-columns, 2) - 1, 1) * (200% + 2 * var(--_gap)) / 3 - 0.1px);
}
/* Three that are not wide: the first is as tall as the other two together, which stand beside it. */
@media not print {
  .pairs[data-layout="grid"] .strip:has(> :nth-child(3):last-child):not(:has(> .wide)) {
    display: grid; grid-template-columns: minmax(0, 1fr) calc((100% - 1.8 * var(--_gap)) / 3); align-content: start;
    & > :first-child { grid-row: span 2; }
    & > :not(:first-child) { aspect-ratio: auto !important; min-height: 0; }
  }
}
[data-layout="grid"] .item img { transition: scale 0.5s cubic-bezier(0.2, 0.6, 0.2, 1); }
@media (hover: hover) { [data-layout="grid"] .open:hover img { scale: 1.02; } }
[data-layout="grid"] :is(.thumbs, .previous, .next, .position), .single :is(.thumbs, .previous, .next, .position) { display: none; }

.position {
  position: absolute; inset-block-start: 0.75rem; inset-inline-end: 0.75rem; padding: 0.125rem 0.625rem; border-radius: 99px;
  background: color-mix(in srgb, var(--_backdrop) 80%, transparent); font-size: 0.8125rem; font-variant-numeric: tabular-nums; pointer-events: none;
  unicode-bidi: plaintext;
}
.icon {
  display: grid; place-items: center; width: 2.75rem; height: 2.75rem; border-radius: 50%;
  background: color-mix(in srgb, var(--_backdrop) 80%, transparent); color: var(--_ink);
}
.icon svg { width: 1.375rem; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.rtl :is(.previous, .next, .dialog-previous, .dialog-next) svg, .rtl:is(.previous, .next) svg { transform: scaleX(-1); }
.previous, .next, .dialog-previous, .dialog-next { position: absolute; inset-block-start: calc(50% - 1.375rem); }
.previous { inset-inline-start: 0.75rem; }
.next { inset-inline-end: 0.75rem; }
.frame .icon { opacity: 0; transition: opacity 0.2s; }
@media (hover: hover) { .frame:hover .icon:not([aria-disabled="true"]) { opacity: 1; } }
.frame .icon:focus-visible, .frame .icon.play { opacity: 1; }

.thumbs { position: relative; display: flex; gap: 0.5rem; margin-block-start: 0.5rem; overflow-x: auto; scrollbar-width: none; }
.thumbs::-webkit-scrollbar { display: none; }
.thumb {
  position: relative; flex: none; width: var(--_thumb, var(--canvas-thumb, 3.5rem)); height: var(--canvas-thumb, 3.5rem); overflow: hidden;
  border-radius: var(--_radius); background: var(--_surface); opacity: 0.72; transition: opacity 0.2s;
}
.thumb img { display: block; width: 100%; height: 100%; object-fit: cover; }
.thumb[aria-current="true"] { outline: 2px solid var(--_ink); outline-offset: -2px; opacity: 1; }
.thumb:hover { opacity: 1; }
.thumb:focus-visible { outline: 3px solid var(--_focus); outline-offset: -3px; opacity: 1; }
.film::before {
  content: ""; position: absolute; top: 50%; left: 50%; width: 1.375rem; height: 1.375rem; translate: -50% -50%; border-radius: 50%; background: #000a;
}
.film::after {
  content: ""; position: absolute; top: 50%; left: 50%; translate: -35% -50%; border-block: 0.3125rem solid transparent; border-left: 0.5rem solid #fff;
}

.fallback { display: grid; align-content: center; justify-items: center; gap: 0.5rem; width: 100%; height: 100%; min-height: 0; padding: 1.5rem; overflow: auto; text-align: center; overflow-wrap: anywhere; }
.fallback span { unicode-bidi: plaintext; }
.fallback small { color: var(--_quiet); }
.empty { display: grid; place-items: center; aspect-ratio: var(--_ratio); max-height: 24rem; width: 100%; padding: 1.5rem; border-radius: var(--_radius); background: var(--_surface); color: var(--_quiet); text-align: center; }

.dialog {
  --_film: calc(var(--canvas-thumb, 3.5rem) + 1.5rem);
  position: fixed; inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; margin: 0; padding: 0; border: 0;
  background: var(--_backdrop); color: var(--_ink); overflow: hidden; overscroll-behavior: contain;
}
.dialog::backdrop { background: var(--_backdrop); }
.stage {
  position: absolute; inset: 0 0 var(--_film); display: grid; grid-template: 100% / 100%; place-items: center; overflow: hidden; cursor: zoom-in;
  touch-action: none; user-select: none; -webkit-user-select: none;
}
.stage:focus { outline: none; }
.stage:has(video) { padding-block: 4rem 0.75rem; cursor: default; }
.stage.zoomed { cursor: grab; }
.stage.zoomed:active { cursor: grabbing; }
.stage-media { display: block; width: 100%; height: 100%; object-fit: contain; will-change: transform; }
.clip.stage-media { display: grid; grid-template: 100% / 100%; place-items: center; }
.clip.stage-media video { display: block; width: auto; max-width: 100%; height: 100%; object-fit: contain; }
.toolbar { position: absolute; inset-block-start: 0; inset-inline: 0; display: flex; align-items: center; gap: 0.5rem; padding: 0.75rem; pointer-events: none; }
.toolbar .icon { pointer-events: auto; }
.toolbar .position { position: static; margin-inline-end: auto; font-size: 0.9375rem; }
.dialog-previous, .dialog-next { inset-block-start: calc((100% - var(--_film)) / 2 - 1.375rem); }
.dialog-previous { inset-inline-start: 0.75rem; }
.dialog-next { inset-inline-end: 0.75rem; }
.dialog .thumbs { position: absolute; inset-block-end: 0; inset-inline: 0; justify-content: safe center; margin: 0; padding: 0.75rem; overscroll-behavior: contain; }
.dialog.alone { --_film: 0px; }
.dialog.alone :is(.thumbs, .dialog-previous, .dialog-next) { display: none; }
@media (max-height: 28rem) { .dialog { --_film: 0px; } .dialog .thumbs { display: none; } }
.dialog .fallback { grid-area: 1 / 1; }

@media (prefers-reduced-motion: no-preference) {
  .dialog[open] { animation: appear 0.2s; }
  .stage-media { animation: ahead 0.25s cubic-bezier(0.2, 0.6, 0.2, 1); }
  .stage-media.back, .rtl .stage-media.ahead { animation-name: back; }
  .rtl .stage-media.back { animation-name: ahead; }
  .stage-media.zoom { animation-name: zoom; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } [data-layout="grid"] .open:hover img { scale: 1; } }
@keyframes appear { from { opacity: 0; } }
@keyframes ahead { from { opacity: 0; translate: 2.5rem 0; } }
@keyframes zoom { from { opacity: 0; scale: 0.94; } }
@keyframes back { from { opacity: 0; translate: -2.5rem 0; } }
@media print {
  :host { --_surface: #fff; --_ink: #000; --_quiet: #444; color-scheme: light; }
  .frame, .strip { display: block !important; position: static !important; height: auto !important; min-height: 0 !important; max-height: none !important; padding: 0 !important; aspect-ratio: auto !important; overflow: visible !important; }
  [data-layout] .strip .item { display: inline-block; width: 49%; max-height: 60vh; margin: 0 0 1.9%; aspect-ratio: var(--_ratio) !important; break-inside: avoid; vertical-align: top; }
  [data-layout] .strip .item:nth-child(odd) { margin-inline-end: 1.9%; }
  .icon, .thumbs, .position, .dialog { display: none !important; }
}
@media (forced-colors: active) { .icon, .thumb { border: 1px solid; } .icon svg { stroke: ButtonText; } }
`;

let styleSheet = null;

/** The styles, shared by all galleries. Made when first needed: a server that renders pages has no style sheets. */
export function sharedStyles() {
  if (!styleSheet) {
    styleSheet = new CSSStyleSheet();
    styleSheet.replaceSync(STYLES);
  }
  return styleSheet;
}
