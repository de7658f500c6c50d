// Checks manifests against the schemas of Kubernetes and prints what is wrong with them: manifests.js DIRECTORY
'use strict';

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const yaml = require('js-yaml');

const directory = path.resolve(process.argv[2]);

async function problems(file) {
  const found = [];
  for (const document of yaml.loadAll(readFileSync(path.join(directory, file), 'utf8'))) {
    // A patch is no whole object, and a list of files is none of Kubernetes itself.
    if (document.kind === 'Kustomization') continue;
    const kinds = await import(`kubernetes-models/${document.apiVersion}`);
    try {
      new kinds[document.kind](document).validate();
    } catch (failure) {
      found.push(`${file}: ${document.kind} ${document.metadata?.name}: ${failure.message}`);
    }
  }
  return found;
}

async function check() {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  const found = (await Promise.all(files.map(problems))).flat();
  found.forEach((problem) => console.error(problem));
  console.log(`${files.length} files of manifests: ${found.length} problems`);
  process.exitCode = found.length || !files.length ? 1 : 0;
}

check().catch((failure) => {
  console.error(failure);
  process.exitCode = 2;
});
