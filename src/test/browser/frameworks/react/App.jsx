import { useCallback, useState } from 'react';
import { Gallery, HydratedGallery, Still } from './Gallery.jsx';

export function App({ src, first, second, media, rendered }) {
  const [product, setProduct] = useState(first);
  const [document, setDocument] = useState(media);
  const [live, setLive] = useState(false);
  const [heard, setHeard] = useState([]);
  const hear = useCallback(
    ({ type, detail }) => setHeard((before) => [...before, `${type} ${detail.index ?? detail.total}`]),
    [],
  );
  const change = () => {
    setDocument(null);
    setProduct(second);
  };
  const Shown = rendered ? HydratedGallery : Gallery;
  return (
    <main>
      <Shown product-id={product} src={src} document={document} live={live} hear={hear} />
      <Still src={src} document={media} rendered={rendered} />
      <button onClick={change}>Another product</button>
      <button onClick={() => setLive(!live)}>Live</button>
      <output>{heard.join(', ')}</output>
    </main>
  );
}
