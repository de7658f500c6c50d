package dev.canvas.history;

import dev.canvas.data.DelayedNode;
import dev.canvas.data.FixedRunId;
import dev.canvas.data.Mutant;
import dev.canvas.data.postgres.Schema;
import dev.canvas.media.MediaService;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TestDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The data sides of two nodes, of which one rule may be broken, with an empty Redis. */
final class TwoNodes implements AutoCloseable {

  private final TestDatabase database;
  private final FixedRunId fixedRunId;
  private final List<DelayedNode> nodes = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();

  /**
   * @param near whether the nodes have a near cache
   * @param verified the share of the cached answers that the nodes compare with the store
   * @param scripted whether nothing is delayed and the relays run on command only
   */
  TwoNodes(
      KillableServers servers, Mutant mutant, boolean near, boolean scripted, double verified) {
    servers.redisCommand("FLUSHALL");
    database = new TestDatabase(servers.postgres().uri());
    Schema.migrate(database.dataSource());
    fixedRunId = new FixedRunId(servers.redis().uri());
    String redisUri =
        mutant == Mutant.KEYS_WITHOUT_THE_RUN ? fixedRunId.uri() : servers.redis().uri();
    for (int number = 0; number < 2; number++) {
      DelayedNode node =
          new DelayedNode(database.uri(), redisUri, mutant, near, scripted, verified);
      nodes.add(node);
      for (MediaService service : node.services()) {
        // Mutants are found sooner without imports.
        channels.add(new BusChannel(number, service, mutant == Mutant.NONE));
      }
    }
  }

  DelayedNode node(int number) {
    return nodes.get(number);
  }

  TestDatabase database() {
    return database;
  }

  /**
   * {@code product=version} of the latest change of each product that the relay of either node
   * relayed.
   */
  Set<String> relayed() {
    Set<String> relayed = new HashSet<>();
    nodes.forEach(
        node -> node.relayed().forEach((product, version) -> relayed.add(product + "=" + version)));
    return relayed;
  }

  /** One channel for each event loop of each node. */
  List<Channel> channels() {
    return channels;
  }

  /** A channel to a node. */
  Channel channel(int node) {
    return channels.stream().filter(each -> each.node() == node).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    nodes.forEach(DelayedNode::close);
    fixedRunId.close();
    database.close();
  }
}
