package dev.canvas.cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.testing.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that have started alone, because they did not find the others, and find them later. */
class MergeIT {

  private static final String ALL = "test.all";

  private static final DeliveryOptions SHORT = new DeliveryOptions().setSendTimeout(1_000);

  /** No machine is so busy that an answer takes longer. */
  private static final DeliveryOptions LONG = new DeliveryOptions().setSendTimeout(10_000);

  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.vertx.close().await());
  }

  @Test
  void nodesThatStartedApartKnowEachOthersConsumers() {
    int first = FreePorts.two();
    int second = FreePorts.two();
    start(first, first);
    start(second, second);
    assertEquals(List.of(1, 1), nodes.stream().map(node -> node.member.members().size()).toList());
    // What is known now must not be kept when they meet.
    nodes.forEach(from -> nodes.forEach(to -> from.ask(to.member.id())));
    nodes.forEach(node -> node.vertx.eventBus().publish(ALL, ""));
    // Knows both, and so brings them together.
    start(FreePorts.two(), first, second);
    await().until(() -> nodes.stream().allMatch(node -> node.member.members().size() == 3));
    await().ignoreExceptions().untilAsserted(this::assertAllReachAll);
  }

  /**
   * Infinispan keeps the records of the larger part: the nodes of the other must not be cut off.
   */
  @Test
  void noRequestFailsWithinAPartThatMeetsALargerOne() {
    int small = FreePorts.two();
    int large = FreePorts.two();
    start(small, small);
    start(FreePorts.two(), small);
    start(large, large);
    start(FreePorts.two(), large);
    start(FreePorts.two(), large);
    await()
        .until(
            () ->
                nodes.stream()
                    .map(node -> node.member.members().size())
                    .toList()
                    .equals(List.of(2, 2, 3, 3, 3)));
    Node asking = nodes.get(0);
    String asked = nodes.get(1).member.id();
    await().until(() -> asking.ask(asked).equals(asked));
    Set<String> answers = new ConcurrentSkipListSet<>();
    asking.askOnAndOn(asked, answers);
    start(FreePorts.two(), small, large);
    await().until(() -> nodes.stream().allMatch(node -> node.member.members().size() == 6));
    await().ignoreExceptions().untilAsserted(this::assertAllReachAll);
    assertEquals(Set.of(asked), answers);
  }

  private void assertAllReachAll() {
    for (Node from : nodes) {
      for (Node to : nodes) {
        assertEquals(
            to.member.id(), from.ask(to.member.id()), from.member.id() + " asks " + to.member.id());
      }
      nodes.forEach(node -> node.heard.clear());
      from.vertx.eventBus().publish(ALL, "told by " + from.member.id());
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> nodes.stream().allMatch(node -> node.heard.size() == 1));
    }
  }

  private void start(int port, int... members) {
    ClusterSettings settings =
        new ClusterSettings(
            "127.0.0.1",
            port,
            IntStream.of(members)
                .mapToObj(member -> new ClusterSettings.Member("127.0.0.1", member))
                .toList(),
            Optional.empty(),
            Optional.empty());
    ClusterMember cluster = new ClusterMember(settings);
    Vertx vertx = cluster.join(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(1));
    Node node = new Node(cluster, vertx, new ConcurrentSkipListSet<>());
    nodes.add(node);
    vertx
        .eventBus()
        .<String>consumer(cluster.id(), message -> message.reply(cluster.id()))
        .completion()
        .await();
    vertx
        .eventBus()
        .<String>consumer(ALL, message -> node.heard.add(message.body()))
        .completion()
        .await();
  }

  private record Node(ClusterMember member, Vertx vertx, Set<String> heard) {

    /** Until this node is closed. */
    void askOnAndOn(String address, Set<String> answers) {
      vertx
          .eventBus()
          .<String>request(address, "", LONG)
          .onComplete(
              answer -> answers.add(answer.body()), failure -> answers.add(failure.getMessage()))
          .onComplete(answered -> vertx.setTimer(1, next -> askOnAndOn(address, answers)));
    }

    String ask(String address) {
      try {
        return vertx
            .eventBus()
            .<String>request(address, "", SHORT)
            .map(Message::body)
            .await(5, TimeUnit.SECONDS);
      } catch (Exception failure) {
        return failure.getMessage();
      }
    }
  }
}
