package dev.vitrine.clip;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the Deep Java Library off the network, and in peace with our own use of ONNX Runtime. */
public final class LocalDjl {

    private static final String ENGINE = "OnnxRuntime";
    private static final String ENGINE_CLASS = "ai/djl/onnxruntime/engine/OrtEngine.class";

    private LocalDjl() {}

    /**
     * Tells DJL to stay off the network, by the system property that it reads when it is first used: it would else report
     * its use, and ask for libraries. Does nothing where {@code ai.djl.offline} or {@code DJL_OFFLINE} is set already.
     */
    public static void stayOffline() {
        setUnlessGiven("ai.djl.offline", "DJL_OFFLINE", "true");
    }

    /** Stays offline, takes the tokenizer's library for the CPU, and unpacks it into a folder of ours. */
    static void unpackTokenizersInto(Path libraries) {
        stayOffline();
        setUnlessGiven("RUST_FLAVOR", "RUST_FLAVOR", "cpu");
        if (Files.isDirectory(libraries)) {
            // JNA's library is loaded from where it is unpacked, and the temporary folder may run no programs.
            setUnlessGiven(
                    "jna.tmpdir", "JNA_TMPDIR", libraries.toAbsolutePath().toString());
        }
        if (System.getenv("DJL_CACHE_DIR") == null && System.getProperty("DJL_CACHE_DIR") == null) {
            setUnlessGiven(
                    "ENGINE_CACHE_DIR",
                    "ENGINE_CACHE_DIR",
                    libraries.toAbsolutePath().toString());
        }
    }

    /**
     * ONNX Runtime's environment, of which a process has one. DJL's engine for ONNX Runtime insists on making it and fails
     * where it is there already, so where that engine is on the class path it goes first.
     */
    static OrtEnvironment onnxEnvironment() {
        OrtEnvironment environment = makeEnvironment();
        UnpackedLibrary.removeTemporaryFolders();
        return environment;
    }

    private static OrtEnvironment makeEnvironment() {
        if (LocalDjl.class.getClassLoader().getResource(ENGINE_CLASS) != null) {
            stayOffline();
            Engine.getEngine(ENGINE);
            return OrtEnvironment.getEnvironment();
        }
        // What goes wrong comes as an exception, so ONNX Runtime needs not write it to stderr as well.
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }

    private static void setUnlessGiven(String property, String variable, String value) {
        if (System.getenv(variable) == null && System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
