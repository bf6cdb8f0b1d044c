package dev.vitrine.testing;

import dev.vitrine.testing.HttpApi.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The pipeline, started, for the tests of one class:
 *
 * <pre>
 * &#64;RegisterExtension
 * static final Pipeline pipeline = new Pipeline();
 * </pre>
 *
 * It runs all route files and Kamelets from a copy, with everything embedded, a tiny model, a free port and a data folder
 * of its own, and is gone after the last test. Which steps ran is written to {@code target/camel-route-coverage}, from
 * which {@code RouteCoverageTest} tells the steps that no test ran.
 */
public final class Pipeline implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    /** Where Camel's coverage is written. */
    public static final Path COVERAGE = RunningVitrine.HOME.resolve("target/camel-route-coverage");

    /** Camel counts steps with JMX alone, those of Kamelets too when told so. */
    private static final String JMX = "camel.main.jmxEnabled";

    private static final String JMX_OF_KAMELETS = "camel.main.jmxManagementRegisterRoutesCreateByKamelet";

    private final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private final Path home;
    private boolean kamelets;
    private String test;
    private int starts;
    private RunningVitrine service;

    /** A pipeline as the project has it. */
    public Pipeline() {
        try {
            folder = Files.createTempDirectory("vitrine-pipeline");
            home = folder.resolve("home");
            ShippedFiles.copy(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a variable of the environment, such as {@code VITRINE_REDIS_URL} to {@code none}. */
    public Pipeline with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Replaces a text in a route file, for the next start. */
    public Pipeline edit(String file, String from, String to) {
        try {
            Path path = home.resolve("routes").resolve(file);
            String yaml = Files.readString(path);
            if (!yaml.contains(from)) {
                throw new IllegalStateException("There is no " + from + " in " + file);
            }
            Files.writeString(path, yaml.replace(from, to));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a file that a site has in {@code routes/} beside the shipped ones, for the next start. */
    public Pipeline site(String name) {
        try {
            return route(name, Files.readString(RunningVitrine.HOME.resolve("routes/" + name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a route file, for the next start. */
    public Pipeline route(String name, String yaml) {
        try {
            Files.writeString(home.resolve("routes").resolve(name), yaml);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts the steps inside Kamelets as well, which Camel then runs in the caller's exchange instead of a copy. */
    public Pipeline countKamelets() {
        kamelets = true;
        return this;
    }

    /** Puts a file into the data folder, for the next start. */
    public Pipeline data(String name, byte[] content) {
        try {
            Path file = folder.resolve("data").resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        test = context.getRequiredTestClass().getSimpleName();
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        faults().clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
        FileUtil.removeDir(folder.toFile());
    }

    /** Stops the service and starts it again on its data, with what was edited meanwhile. */
    public void restart() {
        stop();
        start();
    }

    /** What a client of the service can ask. */
    public HttpApi api() {
        return service.api();
    }

    /** Where the service answers. */
    public String url() {
        return service.settings().http().url();
    }

    public CamelContext context() {
        return service.vitrine().context();
    }

    public ProducerTemplate template() {
        return context().createProducerTemplate();
    }

    /** A folder for the files of a test. */
    public Path folder() {
        return folder;
    }

    /** The names of what is left of uploads on disk. */
    public List<String> keptFiles() {
        return service.keptFiles();
    }

    /** Uploads a picture of a product and returns the job's id. */
    public String upload(String productId) {
        Answer answer = api().upload(productId, Pictures.jpeg(productId.hashCode()));
        if (answer.status() != 202) {
            throw new AssertionError(answer.status() + " " + answer.response().body());
        }
        return answer.text("job_id");
    }

    /** Waits until a job has the given status, and returns what the service says of it. */
    public Answer await(String jobId, String status) {
        service.awaitStatus(jobId, status);
        return api().get("/jobs/" + jobId);
    }

    /** Puts a file into the drop folder. */
    public void drop(String name, byte[] content) {
        try {
            Path file = Files.write(folder.resolve(name), content);
            Files.move(file, service.inbox().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The drop folder. */
    public Path inbox() {
        return service.inbox();
    }

    /** From now on and until the test ends, the step of this id fails with what the supplier gives; null lets it run. */
    public void fail(String step, Supplier<? extends Exception> failure) {
        faults().plan(step, failure);
    }

    /** How often the step of this id was begun since the start. */
    public int begun(String step) {
        return faults().begun(step);
    }

    private void start() {
        try {
            Files.createDirectories(home.resolve("config"));
            Files.writeString(
                    home.resolve("config/application.properties"),
                    "camel.beans.faults = #class:" + Faults.class.getName() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty(JMX, "true");
        System.setProperty(JMX_OF_KAMELETS, Boolean.toString(kamelets));
        try {
            service = RunningVitrine.start(home, folder.resolve("data"), environment);
        } finally {
            System.clearProperty(JMX);
            System.clearProperty(JMX_OF_KAMELETS);
        }
    }

    private void stop() {
        if (service != null) {
            try {
                writeCoverage(test + "-" + folder.getFileName() + "-" + ++starts);
            } catch (Exception e) {
                throw new IllegalStateException("The coverage of the routes cannot be written", e);
            } finally {
                service.close();
                service = null;
            }
        }
    }

    /**
     * What Camel counted; its dump has no count for steps inside doCatch, doFinally, onFallback and error handling that several routes share, which a
     * second file adds.
     */
    private void writeCoverage(String name) throws Exception {
        String counted = context()
                .getCamelContextExtension()
                .getContextPlugin(ManagedCamelContext.class)
                .getManagedCamelContext()
                .dumpRoutesCoverageAsXml();
        Files.createDirectories(COVERAGE);
        Files.writeString(COVERAGE.resolve(name + ".xml"), counted);
        StringBuilder rest = new StringBuilder("<steps>\n");
        for (String step : faults().begun()) {
            if (!Pattern.compile("<[^>]* exchangesTotal=\"[1-9][^>]* id=\"" + Pattern.quote(step) + "\"")
                    .matcher(counted)
                    .find()) {
                rest.append("<step id=\"%s\" exchangesTotal=\"%d\"/>%n".formatted(step, begun(step)));
            }
        }
        Files.writeString(COVERAGE.resolve(name + "-caught.xml"), rest + "</steps>\n");
    }

    private Faults faults() {
        return context().getRegistry().lookupByNameAndType("faults", Faults.class);
    }
}
