package dev.vitrine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Puts a test's folder, with the logs of its processes, where it is found when the test has failed: a folder of
 * target that is named as the test's package.
 */
public final class KeptFolder implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        String kind = test.getRequiredTestClass().getPackageName().replaceFirst(".*\\.", "");
        Path all = Files.createDirectories(Path.of("target", kind).toAbsolutePath());
        String name = test.getRequiredTestClass().getSimpleName() + "-"
                + test.getTestMethod().map(method -> method.getName() + "-").orElse("");
        return Files.createTempDirectory(all, name);
    }
}
