import '@canvas-media/product-canvas';
import { useEffect, useRef } from 'react';

/** The gallery in apps that the browser renders. */
export function Gallery({ hear, ...attributes }) {
  return <product-canvas {...attributes} oncanvas:load={hear} oncanvas:change={hear} />;
}

/**
 * The gallery in apps that a server renders first. When React 19 hydrates, it sets no objects of a custom element and
 * adds no listeners (react/react#35446): the document is given as text, and the listeners by an effect.
 */
export function HydratedGallery({ hear, document, ...attributes }) {
  const element = useRef(null);
  useEffect(() => {
    const { current } = element;
    const events = ['canvas:load', 'canvas:change'];
    events.forEach((event) => current.addEventListener(event, hear));
    return () => events.forEach((event) => current.removeEventListener(event, hear));
  }, [hear]);
  return <product-canvas {...attributes} ref={element} document={document && JSON.stringify(document)} />;
}

/** A gallery that is not live: "false" is written as an attribute, or set as a property, and means off in both. */
export function Still({ src, document, rendered }) {
  const shown = rendered ? JSON.stringify(document) : document;
  return <product-canvas className="still" live="false" src={src} document={shown} />;
}
