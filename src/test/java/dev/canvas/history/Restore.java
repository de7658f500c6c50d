package dev.canvas.history;

/**
 * A restore of the database: a copy of an earlier state takes its place. Times are those of the
 * recorder. Immutable.
 *
 * @param copyBegan everything that was confirmed before is in the copy
 * @param copied nothing that begins afterwards is in the copy
 * @param began nothing that was confirmed before, and is not in the copy, may be read after {@code
 *     settled}
 * @param settled the service has taken the restored database over
 */
record Restore(long copyBegan, long copied, long began, long settled) {

  /** Whether the write was confirmed, and is certainly not in the restored database. */
  boolean hasLost(Operation write) {
    return write.isOk() && write.invoked() >= copied && write.completed() < began;
  }
}
