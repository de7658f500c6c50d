package dev.canvas.control;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/**
 * The verticles of this process, of which there may be more or fewer while it runs. Thread-safe.
 */
public interface Verticles {

  /**
   * How many verticles of each role there are. Immutable.
   *
   * @param instances the number by role
   */
  record Deployed(Map<Role, Integer> instances) {
    /** A copy of the numbers as they are now. */
    public Deployed {
      instances = Map.copyOf(instances);
    }

    /** {@code [{"role":"http","instances":2},{"role":"data","instances":2}]}. */
    public JsonArray toJson() {
      JsonArray roles = new JsonArray();
      new EnumMap<>(instances)
          .forEach(
              (role, number) ->
                  roles.add(new JsonObject().put("role", role.text()).put("instances", number)));
      return roles;
    }
  }

  /** How many there are now. */
  Deployed deployed();

  /**
   * Makes them as many as wished for, without failing a request; one wish after the other. Fails
   * with {@code Problem.CAPACITY_EXCEEDED} where the database has no connections for them, and with
   * {@code Problem.DEPLOYMENT_FAILED} where one does not start; then there are as many as before.
   */
  Future<Deployed> scale(Scaling scaling);
}
