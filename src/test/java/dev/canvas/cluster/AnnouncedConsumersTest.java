package dev.canvas.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnouncedConsumersTest {

  private static final RegistrationInfo OWN = new RegistrationInfo("here", 1, false);
  private static final RegistrationInfo OTHER = new RegistrationInfo("there", 1, false);

  private final FakeRecords records = new FakeRecords();
  private final AnnouncedConsumers consumers = new AnnouncedConsumers(records);

  @Test
  void whatTheOthersHaveLostIsAddedAgain() {
    consumers.add("kept", OWN);
    consumers.add("lost", OWN);
    consumers.add("private", new RegistrationInfo("here", 2, true));
    records.put("kept", OWN);
    records.put("lost", OTHER);

    consumers.announceMissing();

    assertEquals(List.of("add lost here"), records.calls);
  }

  @Test
  void aConsumerThatEndsWhileItIsAnnouncedIsTakenBack() {
    consumers.add("address", OWN);
    records.added = Promise.promise();
    consumers.announceMissing();
    consumers.remove("address", OWN);
    records.added.complete();

    assertEquals(List.of("add address here", "remove address here"), records.calls);
  }

  @Test
  void aRecordIsSentOnceThoseWhoLeftAreRemovedFromIt() {
    consumers.add("address", OWN);
    records.put("address", OWN, OTHER);

    consumers.sendAgain(Set.of("here"));
    assertEquals(List.of(), records.calls);
    records.put("address", OWN);
    consumers.sendAgain(Set.of("here"));
    assertEquals(List.of("send address"), records.calls);
  }

  private static final class FakeRecords implements AnnouncedConsumers.Records {
    private final Map<String, List<RegistrationInfo>> recorded = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private Promise<Void> added = Promise.promise();

    void put(String address, RegistrationInfo... consumers) {
      recorded.put(address, List.of(consumers));
    }

    @Override
    public Future<List<RegistrationInfo>> get(String address) {
      return Future.succeededFuture(recorded.getOrDefault(address, List.of()));
    }

    @Override
    public Future<Void> add(String address, RegistrationInfo consumer) {
      calls.add("add " + address + " " + consumer.nodeId());
      return added.future();
    }

    @Override
    public Future<Void> remove(String address, RegistrationInfo consumer) {
      calls.add("remove " + address + " " + consumer.nodeId());
      return Future.succeededFuture();
    }

    @Override
    public void send(String address) {
      calls.add("send " + address);
    }
  }
}
