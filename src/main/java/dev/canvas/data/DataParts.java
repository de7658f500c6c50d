package dev.canvas.data;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Script;
import dev.canvas.data.store.StoreFactory;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The parts of the data side that the history tests replace, to delay calls or to break a rule of
 * the protocol. Immutable.
 *
 * @param stores creates the connections to the store
 * @param scripts the texts of the Redis scripts
 * @param cache decorates the cache of a data verticle
 */
record DataParts(
    StoreFactory stores, Function<Script, String> scripts, UnaryOperator<Cache> cache) {

  /** The parts of production. */
  static DataParts of(DataSettings settings) {
    return new DataParts(settings.stores(), Script::source, UnaryOperator.identity());
  }
}
