import { hydrate, mount } from 'svelte';
import App from './App.svelte';
import { page } from '../page.js';

const { root, rendered, properties } = page();
(rendered ? hydrate : mount)(App, { target: root, props: properties });
