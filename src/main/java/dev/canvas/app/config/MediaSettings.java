package dev.canvas.app.config;

import dev.canvas.media.MediaHosts;
import dev.canvas.media.MediaRules;

/** Reads which media may be written and shown: the settings {@code media.*}. */
final class MediaSettings {

  private static final String HOSTS = "media.hosts";

  private MediaSettings() {}

  /**
   * @throws StartFailure naming the first invalid setting and what it allows
   */
  static MediaRules read(Settings settings) {
    try {
      return new MediaRules(settings.flag("media.allow-http"), MediaHosts.of(settings.list(HOSTS)));
    } catch (IllegalArgumentException noHost) {
      throw settings.refused(
          HOSTS,
          "no value, or names such as cdn.example and *.cdn.example, IP addresses (IPv6 in"
              + " brackets), and * for all public names, each without a port");
    }
  }
}
