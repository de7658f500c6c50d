-- The one Redis that nodes may trust, and which the relay repairs: its run and its replication id. An
-- empty text: none, and some node may still trust the one before. Null: none, and no node does.
-- The generation is incremented whenever a Redis is given up.
alter table catalogue add column redis text;
