package dev.vitrine.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model of docs/scaling, run as its readers do, against what queueing theory and measurements say. */
class SimulationTest {
    private static final Pattern MEAN_WAIT = Pattern.compile("mean wait ([0-9.]+) s.* busy ([0-9.]+)");

    private static final String SOURCE = "docs/scaling/Simulation.java";

    @TempDir
    static Path classes;

    private record Run(int code, String output) {
        double meanWait() {
            return figure(1);
        }

        double busy() {
            return figure(2);
        }

        private double figure(int group) {
            Matcher found = MEAN_WAIT.matcher(output);
            assertThat(found.find()).as(output).isTrue();
            return Double.parseDouble(found.group(group));
        }
    }

    /** Pollaczek and Khinchine: with fixed service jobs wait half as long as with exponential. */
    @Test
    void letsJobsOfOneLengthWaitAsLongAsTheoryDoes() throws Exception {
        double load = 0.8;
        double service = 0.1;

        Run run = run("queue", "--arrivals=8", "--service=0.1", "--spread=fixed", "--jobs=2000000");

        assertThat(run.meanWait()).isCloseTo(load * service / (2 * (1 - load)), percent(3));
        assertThat(run.busy()).isCloseTo(load, percent(1));
    }

    /** Erlang's C formula. */
    @Test
    void letsJobsWaitForOneOfFourThreadsAsLongAsTheoryDoes() throws Exception {
        double offered = 2.8;
        double sum = 0;
        double term = 1;
        for (int n = 0; n < 4; n++) {
            sum += term;
            term *= offered / (n + 1);
        }
        double last = term * 4 / (4 - offered);
        double wait = last / (sum + last) / (4 / 0.1 - 28);

        Run run = run("queue", "--arrivals=28", "--threads=4", "--cores=4", "--spread=exponential", "--jobs=2000000");

        assertThat(run.meanWait()).isCloseTo(wait, percent(3));
    }

    /** The table of docs/performance.md: 1, 2 and 4 worker processes on two cores, on two days. */
    @Test
    void saysOfWorkersWhatWasMeasured() throws Exception {
        List<Double> slowDay = rates(run("workers"));
        assertThat(slowDay.get(0)).isCloseTo(9.4, percent(5));
        assertThat(slowDay.get(1)).isCloseTo(14.0, percent(5));
        assertThat(slowDay.get(2)).isCloseTo(13.9, percent(5));
    }

    @Test
    void givesTheSameAnswerToTheSameSeedAndAnotherToAnother() throws Exception {
        String few = "--jobs=20000";
        String once = run("queue", few, "--seed=7").output;

        assertThat(run("queue", few, "--seed=7").output).isEqualTo(once);
        assertThat(run("queue", few, "--seed=8").output).isNotEqualTo(once);
    }

    @Test
    void runsFromItsOneFileAsTheDocumentSays() throws Exception {
        assertThat(java(List.of(SOURCE, "queue", "--jobs=10")).output).startsWith("mean wait ");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        Run run = run("size", "--product=1");

        assertThat(run.code).isEqualTo(2);
        assertThat(run.output).contains("'--product=1' is no option; there are", "--products=");
        assertThat(run("size", "--cost=dear").output).contains("--cost is 'dear'; it must be a number");
    }

    @Test
    void documentsHaveTheTablesThatItPrints() throws Exception {
        assertThat(Files.readString(Path.of("docs/performance.md"))).contains(run("workers").output);
        assertThat(Files.readString(Path.of("docs/performance.md"))).contains(run("size").output);
    }

    private static List<Double> rates(Run run) {
        List<Double> rates = new ArrayList<>();
        Matcher rows = Pattern.compile("(?m)^\\| \\d+ \\| ([0-9.]+) \\|").matcher(run.output);
        while (rows.find()) {
            rates.add(Double.parseDouble(rows.group(1)));
        }
        return rates;
    }

    private static Percentage percent(double percent) {
        return withinPercentage(percent);
    }

    /** Compiled once, which takes longer than it runs. */
    @BeforeAll
    static void compile() {
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), "-Xlint:all,-serial", "-Werror", SOURCE);
        assertThat(code).isZero();
    }

    private static Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("-cp", classes.toString(), "Simulation"));
        command.addAll(List.of(arguments));
        return java(command);
    }

    private static Run java(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }
}
