package dev.vitrine.cli;

import dev.vitrine.Settings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which service a catalogue goes to: one that is named, or that of this installation. */
final class TargetOptions {
    @Option(
            names = {"--against", "--url"},
            paramLabel = "URL",
            description =
                    "the service; default is the one of this installation, which is started where it is not running")
    private String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the key to send; default is VITRINE_API_KEY of the environment or the configuration")
    private String key;

    @Option(names = "--cacert", paramLabel = "FILE", description = "whom to trust over https, a PEM file")
    private Path authorities;

    boolean isNamed() {
        return url != null;
    }

    ServiceClient client(Settings settings) throws CommandFailedException {
        return ClientOptions.client(settings.http(), url, key, authorities);
    }
}
