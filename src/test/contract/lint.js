// Lints the descriptions of the interfaces and prints what is wrong with them: lint.js DIRECTORY
'use strict';

const path = require('node:path');
const { createConfig, lint } = require('@redocly/openapi-core');
const { Parser, fromFile } = require('@asyncapi/parser');

// The document is AsyncAPI 3.0, because more tools read it than 3.1.
const ALLOWED = 'asyncapi-latest-version';

const directory = path.resolve(process.argv[2]);

async function openapi() {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lint({ ref: path.join(directory, 'openapi.json'), config });
  return problems.map(
    ({ ruleId, message, location }) => `openapi.json ${location[0]?.pointer}: ${ruleId}: ${message}`);
}

async function asyncapi() {
  const { diagnostics } = await fromFile(new Parser(), path.join(directory, 'asyncapi.json')).parse();
  return diagnostics
    .filter(({ code }) => code !== ALLOWED)
    .map(({ code, message, path: at }) => `asyncapi.json #/${at.join('/')}: ${code}: ${message}`);
}

Promise.all([openapi(), asyncapi()]).then(
  (found) => {
    const problems = found.flat();
    problems.forEach((problem) => console.error(problem));
    console.log(`openapi.json and asyncapi.json: ${problems.length} problems`);
    process.exitCode = problems.length ? 1 : 0;
  },
  (failure) => {
    console.error(failure);
    process.exitCode = 2;
  },
);
