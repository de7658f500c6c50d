package dev.canvas.bus;

import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another node of the cluster, as far as it is known. Not thread-safe: used under the lock of its
 * {@link ClusterNodes}.
 */
final class Peer {

  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

  /** A silence that the operator is told of. */
  private static final long REPORTED_SILENCE_NANOS = 1_500_000_000L;

  private final String node;
  private NodeReport report;
  private boolean answers;
  private boolean leaves;
  private boolean otherWire;
  private boolean pinging;
  private boolean reportedSilent;
  private long avoidedNanos = System.nanoTime();
  private long answeredNanos = avoidedNanos;

  /** A node that has not answered yet. */
  Peer(String node) {
    this.node = node;
  }

  /** The newest report; null before the first answer. */
  NodeReport report() {
    return report;
  }

  /** Whether it answers now. */
  boolean answers() {
    return answers;
  }

  /** Whether requests for data may be sent to it. */
  boolean servesData() {
    return report != null && !leaves && !otherWire && report.roles().contains(NodeRole.DATA);
  }

  /** Begins a ping, unless one is under way. */
  boolean beginPing() {
    boolean begins = !pinging;
    pinging = true;
    return begins;
  }

  /** It did not answer a request: only an answer to a ping that is sent later counts again. */
  void avoid() {
    avoidedNanos = System.nanoTime();
    answers = false;
  }

  /** It has said that it leaves. */
  void leave() {
    leaves = true;
  }

  /**
   * It has answered a ping.
   *
   * @param sentNanos when the ping was sent
   */
  void answered(NodeReport newest, boolean saysThatItLeaves, boolean hasOtherWire, long sentNanos) {
    if (report == null || reportedSilent) {
      LOG.info("Node {} answers (release {})", node, newest.release());
    }
    if (hasOtherWire && !otherWire) {
      LOG.warn(
          "Node {} runs release {}, which speaks another wire version: no request is sent to it",
          node,
          newest.release());
    }
    pinging = false;
    reportedSilent = false;
    report = newest;
    leaves |= saysThatItLeaves;
    otherWire = hasOtherWire;
    answeredNanos = System.nanoTime();
    answers |= sentNanos - avoidedNanos > 0;
  }

  /** It has not answered a ping. One line tells of each silence of some length. */
  void silent() {
    pinging = false;
    answers = false;
    boolean isLong = System.nanoTime() - answeredNanos > REPORTED_SILENCE_NANOS;
    if (isLong && report != null && !reportedSilent && !leaves) {
      reportedSilent = true;
      LOG.warn("Node {} does not answer; requests go to other nodes until it does", node);
    }
  }
}
