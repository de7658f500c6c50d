package dev.canvas.control;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** Reports and changes the number of verticle instances of this process. Thread-safe. */
public interface Verticles {

  /**
   * The number of verticle instances of each role. Immutable.
   *
   * @param instances by role
   */
  record Deployed(Map<Role, Integer> instances) {
    /** Copies the map. */
    public Deployed {
      instances = Map.copyOf(instances);
    }

    /** Writes {@code [{"role":"http","instances":2},{"role":"data","instances":2}]}. */
    public JsonArray toJson() {
      JsonArray roles = new JsonArray();
      new EnumMap<>(instances)
          .forEach(
              (role, number) ->
                  roles.add(new JsonObject().put("role", role.text()).put("instances", number)));
      return roles;
    }
  }

  /** The numbers now. */
  Deployed deployed();

  /**
   * Changes the number of instances of a role without failing a request; one change at a time.
   * Fails with {@code Problem.CAPACITY_EXCEEDED} if the database has too few connections, and with
   * {@code Problem.DEPLOYMENT_FAILED} if an instance does not start. The number then stays as it
   * was.
   */
  Future<Deployed> scale(Scaling scaling);
}
