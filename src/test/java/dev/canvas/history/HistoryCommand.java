package dev.canvas.history;

import dev.canvas.data.Mutant;
import dev.canvas.history.Run.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code perf/history}: checks a long history with random faults. The exit status is 1 if a promise
 * was broken. See {@code docs/history-checker.md}.
 */
@Command(
    name = "perf/history",
    mixinStandardHelpOptions = true,
    description = "Reads and writes during random faults, then checks every answer.")
final class HistoryCommand implements Callable<Integer> {

  private static final int SHOWN = 10;

  @Option(names = "--minutes", description = "Minutes to run (default: ${DEFAULT-VALUE}).")
  private double minutes = 10;

  @Option(names = "--every", description = "Seconds between faults (default: ${DEFAULT-VALUE}).")
  private int every = 20;

  @Option(
      names = "--rate",
      description = "Calls per second, 0 for no limit (default: ${DEFAULT-VALUE}).")
  private int rate = 1_500;

  @Option(names = "--clients", description = "Concurrent clients (default: ${DEFAULT-VALUE}).")
  private int clients = 40;

  @Option(
      names = "--hot",
      description = "Products that get half of the calls (default: ${DEFAULT-VALUE}).")
  private int hot = 10;

  @Option(
      names = "--cold",
      description = "Products that get the other half (default: ${DEFAULT-VALUE}).")
  private int cold = 3_000;

  @Option(
      names = "--faults",
      split = ",",
      description =
          "Faults to inject, by the beginnings of their names (default: all; with --cluster, those"
              + " of the nodes).")
  private List<String> names = List.of();

  @Option(names = "--single", description = "Inject one fault at a time.")
  private boolean single;

  @Option(names = "--no-near", description = "Run the nodes without a near cache.")
  private boolean noNear;

  @Option(
      names = "--processes",
      description = "Run both nodes in processes of their own: no calls over the event bus.")
  private boolean inProcesses;

  @Option(
      names = "--cluster",
      description =
          "Run a node for clients and two for data, without near caches, on hosts of their own that"
              + " are cut off too: network namespaces of Linux, which need root.")
  private boolean clustered;

  @Option(
      names = "--mutants",
      arity = "0..1",
      split = ",",
      fallbackValue = "",
      paramLabel = "NAME",
      description =
          "Instead, break each rule of the protocol, or those whose names begin so, and print how"
              + " soon the checker finds it.")
  private List<String> mutants = List.of();

  @Option(
      names = "--seed",
      description = "Random seed of clients and faults (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  private final PrintStream out = System.out;
  private final long began = System.nanoTime();

  /** Runs the command. */
  public static void main(String... arguments) {
    System.exit(new CommandLine(new HistoryCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (!mutants.isEmpty()) {
      return new MutantTrials(this::say).run(wantedMutants()) ? 0 : 1;
    }
    Workload.Plan plan = new Workload.Plan(clients, rate, hot, cold, seed);
    boolean near = !noNear && !clustered;
    Verdict verdict = new Run(plan, near, layout(), this::say).run(this::randomFaults);
    verdict.table().forEach((kind, times) -> out.printf("%9d  %s%n", times, kind));
    verdict.violations().stream().limit(SHOWN).forEach(out::println);
    verdict.disagreements().stream().limit(SHOWN).forEach(out::println);
    verdict.unrecovered().forEach(fault -> out.println("not recovered after " + fault));
    out.printf(
        "%d operations, %d violations, %d disagreements, %d faults not recovered from%n",
        verdict.operations().size(),
        verdict.violations().size(),
        verdict.disagreements().size(),
        verdict.unrecovered().size());
    if (!verdict.passed()) {
      keep(verdict);
    }
    return verdict.passed() ? 0 : 1;
  }

  private Layout layout() {
    return clustered ? Layout.SPLIT_ROLES : inProcesses ? Layout.PROCESSES : Layout.ONE_HERE;
  }

  private void randomFaults(Nemesis nemesis, List<Fault> all) {
    Random random = new Random(seed);
    List<Fault> faults = all.stream().filter(this::isWanted).toList();
    long end = System.nanoTime() + (long) (minutes * 60e9);
    for (int round = 0; System.nanoTime() - end < 0; round++) {
      long next = System.nanoTime() + Duration.ofSeconds(every).toNanos();
      if (!faults.isEmpty()) {
        // At most half of the interval, so that there is a quiet half too.
        long millis = 500 + random.nextLong(every * 500L);
        nemesis.inject(some(faults, round, random), Duration.ofMillis(millis));
      }
      nemesis.pause(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
    }
  }

  /** Takes the faults in turn, and adds a random second one to half of them. */
  private List<Fault> some(List<Fault> faults, int round, Random random) {
    Fault first = faults.get(round % faults.size());
    List<Fault> some = new ArrayList<>(List.of(first));
    Predicate<Fault> apart = other -> other.victim() != first.victim();
    List<Fault> others = faults.stream().filter(apart).toList();
    if (!single && random.nextBoolean() && !others.isEmpty()) {
      some.add(others.get(random.nextInt(others.size())));
    }
    return some;
  }

  private List<Mutant> wantedMutants() {
    boolean all = mutants.contains("");
    return Stream.of(Mutant.values())
        .filter(mutant -> mutant != Mutant.NONE && (!all || mutant.isFoundByChance()))
        .filter(mutant -> mutants.stream().anyMatch(mutant.name()::startsWith))
        .toList();
  }

  private boolean isWanted(Fault fault) {
    return names.isEmpty()
        ? !clustered || fault.victim() == Fault.Victim.NODE
        : names.stream().anyMatch(fault.name()::startsWith);
  }

  private void say(String line) {
    out.printf("%7.1f s  %s%n", (System.nanoTime() - began) / 1e9, line);
  }

  /** Saves the whole history, for analysis. */
  private void keep(Verdict verdict) throws IOException {
    Path results = Files.createDirectories(Path.of("perf", "results"));
    Path file = results.resolve("history-" + Instant.now().getEpochSecond() + ".txt");
    List<String> lines = new ArrayList<>();
    verdict.violations().forEach(violation -> lines.add(violation.toString()));
    lines.addAll(verdict.disagreements());
    verdict.operations().stream()
        .sorted((a, b) -> Long.compare(a.invoked(), b.invoked()))
        .forEach(operation -> lines.add(operation.toString()));
    Files.write(file, lines);
    out.println("The history has been saved to " + file);
  }
}
