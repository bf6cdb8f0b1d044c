package dev.vitrine.cli;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the service on this machine. */
@Command(
        name = "bench",
        description = "Measures the service on this machine, beside what the machine can do; takes up to 15 minutes.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    /** What to measure; everything where none is chosen. */
    private static final class Choice {
        @Option(
                names = "--quick",
                description = "Little more than a minute, with shorter measurements and a smaller index.")
        private boolean quick;

        @Option(
                names = "--check",
                description = "As --quick; fails where a product or an upload costs more processor time, beside a known"
                        + " piece of work, than in the last release, by more than the run's own noise.")
        private boolean check;

        @Option(
                names = "--overload",
                description = "Only what small searches and uploads notice of a hundred clients that search with the"
                        + " dearest pictures.")
        private boolean overload;

        @Option(
                names = "--million",
                description =
                        "Only searches in a million points, in Lucene and in Qdrant, with what they take of memory"
                                + " and disk; takes hours, and 20 GB of disk.")
        private boolean million;

        @Option(
                names = "--model",
                paramLabel = "int8",
                description = "Only products a second, with an int8 copy of the model beside the model itself.")
        private String model;

        private Benchmark.Kind kind() {
            if (model != null) {
                return Benchmark.Kind.INT8;
            }
            if (check) {
                return Benchmark.Kind.CHECK;
            }
            if (million) {
                return Benchmark.Kind.MILLION;
            }
            if (overload) {
                return Benchmark.Kind.OVERLOAD;
            }
            return quick ? Benchmark.Kind.QUICK : Benchmark.Kind.FULL;
        }
    }

    @ArgGroup
    private final Choice choice = new Choice();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (choice.model != null && !choice.model.equals("int8")) {
            throw new ParameterException(spec.commandLine(), "--model takes int8, which is beside the model itself");
        }
        ServiceLoader.load(Benchmark.class)
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "the benchmark is not on the class path; start it with the launcher: ./vitrine bench"))
                .run(Main.home(), choice.kind(), spec.commandLine().getOut());
        return 0;
    }
}
