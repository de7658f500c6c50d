package dev.canvas.history;

import java.util.List;

/**
 * A machine of its own for a node: a network namespace of Linux with one link to the others, which
 * can be cut. Immutable.
 *
 * @param namespace its name
 * @param address at which the others reach it
 * @param link the other end of its link, in the namespace of this process
 */
record Host(String namespace, String address, String link) {

  /** The command that runs another one on this host. */
  List<String> launcher() {
    return List.of("ip", "netns", "exec", namespace);
  }

  /** Nothing arrives any more, from nobody, nor leaves. Open connections are not told. */
  void cutOff() {
    Hosts.ip("link", "set", link, "down");
  }

  /** Ends {@link #cutOff()}. */
  void reconnect() {
    Hosts.ip("link", "set", link, "up");
  }

  /** Nothing leaves for some hosts any more; so they get no answers either. */
  void turnFrom(List<Host> others) {
    others.forEach(other -> Hosts.ip("-n", namespace, "route", "add", "blackhole", other.address));
  }

  /** Ends {@link #turnFrom}. */
  void turnTo(List<Host> others) {
    others.forEach(
        other -> Hosts.ip("-n", namespace, "route", "delete", "blackhole", other.address));
  }
}
