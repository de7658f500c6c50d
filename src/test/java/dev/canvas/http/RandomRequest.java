package dev.canvas.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random request, partly valid. Immutable.
 *
 * @param headers names and values, alternating
 */
public record RandomRequest(
    Documented route, String method, String path, String type, String body, List<String> headers) {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

  /** The routes whose requests are made up; imports and exports have tests of their own. */
  static final List<Documented> ROUTES =
      Documented.routes().stream()
          .filter(route -> !route.path().startsWith("/api/media/"))
          .toList();

  public static RandomRequest any(Random random) {
    Documented route = Fuzz.one(random, ROUTES);
    List<String> methods = List.copyOf(route.methods());
    String method = Fuzz.rarely(random) ? Fuzz.one(random, METHODS) : Fuzz.one(random, methods);
    String path =
        route.path().replace("{id}", Fuzz.productId(random)).replace("{item}", Fuzz.itemId(random));
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

  private static String query(Random random, Documented route) {
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
