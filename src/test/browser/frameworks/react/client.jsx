import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './App.jsx';
import { page } from '../page.js';

const { root, rendered, properties } = page();
const app = <App {...properties} rendered={rendered} />;
if (rendered) {
  hydrateRoot(root, app);
} else {
  createRoot(root).render(app);
}
