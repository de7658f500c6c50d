package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code canvas}, from wherever and on whichever machine it is called. */
class LauncherIT {

  private static final Map<String, String> PLAIN = Map.of();

  @TempDir private Path root;
  private Checkout checkout;
  private Path elsewhere;

  @BeforeEach
  void checkOut() throws IOException {
    root = root.toRealPath();
    checkout = Checkout.in(root, "Läden und shops");
    elsewhere = Files.createDirectories(root.resolve("elsewhere"));
  }

  @Test
  void settingsAreThoseBesideTheLauncherWhateverTheCurrentDirectory() throws Exception {
    Path settings = checkout.tree().resolve("conf/canvas.yaml");
    Files.writeString(settings, "http:\n  port: mine\n");
    Files.createDirectories(elsewhere.resolve("conf"));
    Files.writeString(elsewhere.resolve("conf/canvas.yaml"), "http:\n  port: other\n");
    Path link = Files.createSymbolicLink(root.resolve("bin/shop"), Path.of("../bin/first"));
    Files.createSymbolicLink(root.resolve("bin/first"), checkout.tree().resolve("canvas"));
    // With CDPATH, cd prints where it went.
    Map<String, String> environment = Map.of("CDPATH", root + ":/", "LC_ALL", "C");
    for (String command : new String[] {link.toString(), "shop", "../Läden und shops/canvas"}) {
      Checkout.Outcome refused =
          checkout.run(elsewhere, environment, "/bin/sh", "-c", "'" + command + "' serve");
      refused.expect(1, "canvas: settings from " + settings);
      refused.expect(1, "here set in " + settings + ") is 'mine': expected a whole number");
    }
    Path other = elsewhere.resolve("conf/canvas.yaml");
    checkout
        .run(elsewhere, environment, link.toString(), "serve", "--config", "conf/canvas.yaml")
        .expect(1, "here set in " + other + ") is 'other'");
    // None of the two files was a reason to build.
    assertEquals("", checkout.builds());
  }

  @Test
  void aChangedSourceIsBuiltAndAFailedBuildIsNotRun() throws Exception {
    Files.writeString(checkout.tree().resolve("src/main/new"), "");
    canvas("--version").expect(0, "Canvas ");
    assertTrue(checkout.builds().contains("package"), checkout.builds());
    Files.writeString(root.resolve("bin/mvn"), "#!/bin/sh\necho '[ERROR] no compiler'\nexit 1\n");
    Files.delete(checkout.tree().resolve("target/canvas.jar"));
    for (int attempt = 0; attempt < 2; attempt++) {
      Checkout.Outcome failed = canvas("--version");
      failed.expect(1, "[ERROR] no compiler");
      failed.expect(1, "the build failed; see " + checkout.tree().resolve("target/build.log"));
    }
  }

  @Test
  void aTreeThatCannotBeWrittenRunsItsBuildOrIsBuiltElsewhere() throws Exception {
    readOnly("--version").expect(0, "Canvas ");
    assertEquals("", checkout.builds());
    Files.delete(checkout.tree().resolve("target/canvas.jar"));
    for (int run = 0; run < 2; run++) {
      readOnly("--version").expect(0, "Canvas ");
    }
    assertEquals(1, checkout.builds().lines().count(), checkout.builds());
    assertTrue(checkout.builds().contains("=" + root + "/.cache/canvas/"), checkout.builds());
  }

  @Test
  void aWrongJavaIsTold() throws Exception {
    checkout
        .run(elsewhere, Map.of("JAVA_HOME", "/no/jdk"), launcher(), "--version")
        .expect(1, "canvas: JAVA_HOME is '/no/jdk', which has no bin/java");
    Path old = Files.createDirectories(root.resolve("jdk 8/bin")).getParent();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 3\n");
    assertTrue(old.resolve("bin/java").toFile().setExecutable(true));
    checkout
        .run(elsewhere, Map.of("JAVA_HOME", old.toString()), launcher(), "--version")
        .expect(1, "jdk 8/bin/java is Java 8: install a JDK 17 or later");
  }

  @Test
  void aFullDiskIsTold() throws Exception {
    Files.delete(checkout.tree().resolve("target/canvas.jar"));
    Files.write(root.resolve("built.jar"), new byte[1 << 20]);
    mounted("size=512k", checkout.tree().resolve("target"), "--version")
        .expect(1, "canvas: the build failed: the disk of " + checkout.tree().resolve("target"));
  }

  @Test
  void temporaryFilesThatCannotBeUsedAreTold() throws Exception {
    Path temporary = Files.createDirectories(root.resolve("temporary"));
    mounted("size=512k", temporary, "serve")
        .expect(
            1,
            "Temporary files cannot be written to %s (No space left on device): free some space"
                .formatted(temporary));
    mounted("noexec", temporary, "serve")
        .expect(1, "The native transport of this machine cannot be used");
    Path data = Files.createDirectories(root.resolve("data"));
    mounted("noexec", data, "up", "--data-dir", data + "/shop")
        .expect(1, "cannot be executed: its file system is mounted with noexec");
  }

  private Checkout.Outcome canvas(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = launcher();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return checkout.run(elsewhere, PLAIN, command);
  }

  /** In a namespace in which the tree is mounted read-only, as even root would find it. */
  private Checkout.Outcome readOnly(String argument) throws IOException, InterruptedException {
    return checkout.run(
        elsewhere,
        PLAIN,
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-euc",
        "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"; exec \"$1/canvas\" \"$2\"",
        "sh",
        checkout.tree().toString(),
        argument);
  }

  /** With a file system of its own in a directory, which is that of temporary files. */
  private Checkout.Outcome mounted(String options, Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-euc",
                "mount -t tmpfs -o \"$1\" tmpfs \"$2\"; shift 2; exec \"$@\"",
                "sh",
                options,
                directory.toString(),
                launcher()));
    command.addAll(List.of(arguments));
    Map<String, String> settings =
        Map.of(
            "CANVAS_JAVA_OPTS", "-Djava.io.tmpdir=" + root.resolve("temporary"),
            "CANVAS_HTTP_PORT", "0",
            "CANVAS_MANAGEMENT_PORT", "0",
            "CANVAS_AUTH_MODE", "none",
            "CANVAS_POSTGRES_URI", "postgresql://nobody@127.0.0.1:1/none",
            "CANVAS_START_TIMEOUT", "0s");
    return checkout.run(elsewhere, settings, command.toArray(String[]::new));
  }

  private String launcher() {
    return checkout.tree().resolve("canvas").toString();
  }
}
