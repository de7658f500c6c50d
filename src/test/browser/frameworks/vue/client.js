import { createApp, createSSRApp } from 'vue';
import App from './App.vue';
import { page } from '../page.js';

const { root, rendered, properties } = page();
(rendered ? createSSRApp : createApp)(App, properties).mount(root);
