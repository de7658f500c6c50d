package dev.canvas.app.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Knows the variables that Kubernetes sets in each container for each Service of the namespace
 * (Kubernetes, "Accessing the Service": {@code {SVC}_SERVICE_HOST}, and those of Docker's links). A
 * Service {@code canvas-http} sets {@code CANVAS_HTTP_PORT=tcp://10.0.0.1:1121}, which is no value
 * of {@code http.port}.
 */
final class KubernetesVariables {

  private static final Pattern NAME =
      Pattern.compile(
          "[A-Z0-9_]+?(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern VALUE_OF_PORT = Pattern.compile("(tcp|udp|sctp)://\\S+:\\d+");

  private KubernetesVariables() {}

  /** Whether Kubernetes has set a variable, and not an operator. */
  static boolean isOne(String variable, String value) {
    return NAME.matcher(variable).matches()
        || (variable.endsWith("_PORT") && VALUE_OF_PORT.matcher(value).matches());
  }

  /**
   * Says that such a variable, which has the name of a setting, is not taken for it.
   *
   * @param used the value that the setting keeps
   */
  static String notTaken(String variable, String value, String key, String used) {
    String service =
        variable
            .substring(0, variable.length() - "_PORT".length())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    return "%s is '%s', which Kubernetes sets for the Service %s, and not %s, which stays %s. Set %s itself, or enableServiceLinks: false"
        .formatted(variable, value, service, key, used, variable);
  }
}
