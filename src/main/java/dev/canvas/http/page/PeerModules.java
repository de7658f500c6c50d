package dev.canvas.http.page;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Gallery modules of the other nodes. While a release is being rolled out, a page that one node has
 * rendered may ask another node, of the release before, for the module. Each is named by its path
 * on this site.
 *
 * @param offer lets the other nodes ask this node for a module
 * @param find asks the other nodes for a module, which is as yet unchecked; null if none has it
 */
public record PeerModules(
    BiConsumer<String, Buffer> offer, Function<String, Future<Buffer>> find) {}
