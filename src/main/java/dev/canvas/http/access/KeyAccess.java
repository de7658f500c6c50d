package dev.canvas.http.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Lets those write who bear a key whose hash is in the configuration. Immutable. */
final class KeyAccess implements WriteAccess {

  private final List<byte[]> hashes;

  KeyAccess(AccessSettings.Keys settings) {
    hashes = settings.hashes().stream().map(KeyAccess::bytes).toList();
  }

  /** Takes as long for every key: all hashes are compared, each whole. */
  @Override
  public Optional<Refusal> refusal(String credential) {
    byte[] hash = bytes(AccessSettings.Keys.hash(credential));
    boolean known = false;
    for (byte[] one : hashes) {
      known |= MessageDigest.isEqual(one, hash);
    }
    return known ? Optional.empty() : Optional.of(Refusal.UNKNOWN_KEY);
  }

  private static byte[] bytes(String hash) {
    return hash.getBytes(StandardCharsets.US_ASCII);
  }
}
