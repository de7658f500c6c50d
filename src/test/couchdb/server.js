// express-pouchdb in memory on a free port of loopback, which it prints; ends with its standard input.
'use strict';

const express = require('express');
const PouchDB = require('pouchdb-core')
  .plugin(require('pouchdb-adapter-memory'))
  .plugin(require('pouchdb-mapreduce'))
  .defaults({ adapter: 'memory' });

const app = express();
app.use(require('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB' }));
const server = app.listen(0, '127.0.0.1', () => {
  console.log('listening on ' + server.address().port);
});
process.stdin.on('end', () => process.exit(0)).resume();
