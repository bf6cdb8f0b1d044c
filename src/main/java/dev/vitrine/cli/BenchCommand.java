package dev.vitrine.cli;

import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the service on this machine. */
@Command(
        name = "bench",
        description = "Measures the service on this machine, beside what the machine can do; takes up to 10 minutes.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "under a minute, with shorter measurements and a smaller index")
    private boolean quick;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ServiceLoader.load(Benchmark.class)
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        "the benchmark is not on the class path; start it with the launcher: ./vitrine bench"))
                .run(Main.home(), quick, spec.commandLine().getOut());
        return 0;
    }
}
