package dev.canvas.diagnosis;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.model.ConfigurationModel;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.model.Model;
import ch.qos.logback.core.model.ModelUtil;
import ch.qos.logback.core.spi.ConfigurationEvent;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xml.sax.InputSource;

/**
 * Reads the log settings at the start, and judges them after each change of their file. Settings
 * with a mistake do not apply: the last good ones stay, or those in the jar if there were none, and
 * one log line says what is wrong. Logback finds this class by {@code META-INF/services}. It calls
 * it from one thread at a time.
 */
public final class LogConfigurator extends DefaultJoranConfigurator {

  private static final String DEFAULTS = "logback.xml";

  /**
   * Keeps what Logback has to say, also when it forgets everything before it reads a file again.
   */
  private static final class Statuses implements StatusListener {

    private final List<Status> kept = new CopyOnWriteArrayList<>();

    @Override
    public void addStatusEvent(Status status) {
      if (status.getEffectiveLevel() >= Status.WARN) {
        kept.add(status);
      }
    }

    @Override
    public boolean isResetResistant() {
      return true;
    }
  }

  private final Statuses statuses = new Statuses();
  private LoggerContext log;
  private URL file;

  /** Null before any settings were good. */
  private Model good;

  private boolean isBad;
  private boolean isBeingRead;
  private boolean isTelling;

  @Override
  public void configureByResource(URL url) {
    file = url;
    log = (LoggerContext) getContext();
    log.getStatusManager().add(statuses);
    log.addConfigurationEventListener(this::listen);
    try {
      super.configureByResource(url);
    } catch (JoranException unparsable) {
      // The statuses have it.
    }
    if (isBeingRead) {
      judge(null);
    }
  }

  private void listen(ConfigurationEvent event) {
    if (isTelling) {
      return;
    }
    switch (event.getEventType()) {
      case CONFIGURATION_STARTED -> {
        statuses.kept.clear();
        isBeingRead = true;
      }
      case CONFIGURATION_ENDED_SUCCESSFULLY ->
          judge((Model) log.getObject(CoreConstants.SAFE_JORAN_CONFIGURATION));
      default -> {
        // Where an included file is no XML, Logback goes back to the last settings, which is told.
      }
    }
  }

  /**
   * @param settings what was read; null if that is no XML
   */
  private void judge(Model settings) {
    isBeingRead = false;
    Logger logger = log.getLogger(LogConfigurator.class);
    List<String> mistakes = LogMistakes.of(file, settings, statuses.kept);
    if (mistakes.isEmpty()) {
      good = settings;
      if (isBad) {
        tellOthers();
        logger.info("{} is correct again, and applies from now on", file.getPath());
      }
      isBad = false;
      statuses.kept.stream()
          .map(warning -> Diagnosis.firstLine(warning.getMessage()))
          .forEach(warning -> logger.warn("{} applies, although: {}", file.getPath(), warning));
      return;
    }
    String instead =
        good == null ? "the usual settings of the log apply" : "the last good ones stay";
    goBack();
    isBad = true;
    logger.warn(
        "{} has a mistake ({}{}); {} until it is corrected",
        file.getPath(),
        mistakes.get(0),
        mistakes.size() == 1 ? "" : "; " + (mistakes.size() - 1) + " more",
        instead);
  }

  private void goBack() {
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(log);
      if (good == null) {
        good = defaults(configurator);
      }
      log.reset();
      ModelUtil.resetForReuse(good);
      configurator.setTopURL(file);
      configurator.processModel(good);
      configurator.registerSafeConfiguration(good);
      tellOthers();
    } catch (IOException | JoranException missing) {
      throw new IllegalStateException("The jar has no " + DEFAULTS, missing);
    }
  }

  /**
   * Has the others who listen, such as {@link LogFormat}, do their part before a line is logged.
   */
  private void tellOthers() {
    isTelling = true;
    log.fireConfigurationEvent(ConfigurationEvent.newConfigurationEndedSuccessfullyEvent(this));
    isTelling = false;
  }

  /** The settings in the jar, for which the file is watched nevertheless. */
  private Model defaults(JoranConfigurator configurator) throws IOException, JoranException {
    try (InputStream settings = LogConfigurator.class.getResourceAsStream("/" + DEFAULTS)) {
      Model model =
          configurator.buildModelFromSaxEventList(
              configurator.populateSaxEventRecorder(new InputSource(settings)).getSaxEventList());
      if (model instanceof ConfigurationModel top && file.getProtocol().equals("file")) {
        top.setScanStr("true");
      }
      return model;
    }
  }
}
