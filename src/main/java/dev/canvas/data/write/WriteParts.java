package dev.canvas.data.write;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.Writer;

/**
 * What writes are made with, on one event loop.
 *
 * @param store reads the rows as they are
 * @param writer commits
 * @param bulks reads and commits those of bulks
 * @param cache is fenced before and gets the rows after
 * @param near the cache of this process
 * @param floors of this process
 * @param installed what the relay need not repair
 * @param itemIds for new items
 * @param repairs for writes that the cache could not be told of before
 * @param aftermath for commits whose outcome is unknown
 */
public record WriteParts(
    Store store,
    Writer writer,
    BulkStore bulks,
    Cache cache,
    NearCache near,
    MinimumVersions floors,
    ConfirmedInstalls installed,
    ItemIds itemIds,
    RepairWatch repairs,
    UnknownCommitResolver aftermath) {}
