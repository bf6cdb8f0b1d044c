package dev.vitrine.cli;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the service on this machine. */
@Command(
        name = "bench",
        description = "Measures the service on this machine, beside what the machine can do; takes up to 10 minutes.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--quick",
            description = "Little more than a minute, with shorter measurements and a smaller index.")
    private boolean quick;

    @Option(
            names = "--check",
            description =
                    "As --quick; fails where a product or an upload costs more processor time, beside a known piece"
                            + " of work, than in the last release, by more than the run's own noise.")
    private boolean check;

    @Option(
            names = "--model",
            paramLabel = "int8",
            description = "Only products a second, with an int8 copy of the model beside the model itself.")
    private String model;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (model != null && (quick || check || !model.equals("int8"))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--model takes int8, which is beside the model itself, and no --quick or --check");
        }
        ServiceLoader.load(Benchmark.class)
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "the benchmark is not on the class path; start it with the launcher: ./vitrine bench"))
                .run(Main.home(), kind(), spec.commandLine().getOut());
        return 0;
    }

    private Benchmark.Kind kind() {
        if (model != null) {
            return Benchmark.Kind.INT8;
        }
        if (check) {
            return Benchmark.Kind.CHECK;
        }
        return quick ? Benchmark.Kind.QUICK : Benchmark.Kind.FULL;
    }
}
