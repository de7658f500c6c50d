package dev.canvas.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A random request, partly valid. Immutable.
 *
 * @param headers names and values, alternating
 */
public record RandomRequest(
    Route route, String method, String path, String type, String body, List<String> headers) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

  /**
   * A route as the documentation describes it.
   *
   * @param path P stands for a product id, I for an item id
   * @param statuses the statuses that its methods may return
   */
  public record Route(String path, Set<String> methods, Set<Integer> statuses) {}

  private static final List<Route> ROUTES =
      List.of(
          new Route(
              "/api/products/P/media",
              Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS"),
              Set.of(200, 201, 204, 304, 400, 404, 412, 413, 415, 422)),
          new Route(
              "/api/products/P/media/items",
              Set.of("POST", "OPTIONS"),
              Set.of(201, 204, 400, 412, 413, 415, 422)),
          new Route(
              "/api/products/P/media/items/I",
              Set.of("PATCH", "DELETE", "OPTIONS"),
              Set.of(200, 204, 400, 404, 412, 413, 415, 422)),
          new Route(
              "/api/products/P/media/order",
              Set.of("PUT", "OPTIONS"),
              Set.of(200, 204, 400, 404, 409, 412, 413, 415, 422)),
          new Route(
              "/api/images",
              Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"),
              Set.of(200, 201, 204, 400, 404, 412, 413, 415, 422)),
          new Route(
              "/api/products/media", Set.of("GET", "HEAD", "OPTIONS"), Set.of(200, 204, 400)));

  public static RandomRequest any(Random random) {
    Route route = Fuzz.one(random, ROUTES);
    List<String> methods = List.copyOf(new TreeSet<>(route.methods()));
    String method = Fuzz.rarely(random) ? Fuzz.one(random, METHODS) : Fuzz.one(random, methods);
    String path =
        route.path().replace("P", Fuzz.productId(random)).replace("/I", "/" + Fuzz.itemId(random));
    boolean form = route.path().equals("/api/images") && random.nextBoolean();
    String body = form ? Fuzz.form(random) : Fuzz.body(random, route.path());
    return new RandomRequest(
        route,
        method,
        path + query(random, route),
        Fuzz.rarely(random) ? Fuzz.type(random) : form ? FORM : "application/json",
        body,
        conditions(random));
  }

  public String[] headersAsArray() {
    return headers.toArray(String[]::new);
  }

  private static String query(Random random, Route route) {
    if (route.path().equals("/api/images") && random.nextInt(3) > 0) {
      return "?shoe_id=" + Fuzz.productId(random);
    }
    if (route.path().equals("/api/products/media")) {
      return "?ids=" + Fuzz.productId(random) + "," + Fuzz.productId(random);
    }
    return Fuzz.rarely(random)
        ? Fuzz.one(
            random,
            List.of("?", "?position=0", "?position=x", "?position=0&position=0", "?a=%00&%ff"))
        : "";
  }

  private static List<String> conditions(Random random) {
    List<String> headers = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      headers.add("If-Match");
      headers.add(Fuzz.condition(random));
    }
    if (random.nextInt(6) == 0) {
      headers.add("If-None-Match");
      headers.add(Fuzz.condition(random));
    }
    return headers;
  }
}
