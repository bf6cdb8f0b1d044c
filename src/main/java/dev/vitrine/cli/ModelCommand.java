package dev.vitrine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./vitrine model}: the models that turn pictures and texts into vectors. */
@Command(
        name = "model",
        description = "List, install, check and quantize models.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ModelListCommand.class,
            ModelInstallCommand.class,
            ModelCheckCommand.class,
            ModelQuantizeCommand.class
        })
public final class ModelCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do with models: list, install, check or quantize");
    }
}
