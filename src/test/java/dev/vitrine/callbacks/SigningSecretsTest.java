package dev.vitrine.callbacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.svix.Webhook;
import com.svix.exceptions.WebhookVerificationException;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.testing.RunningVitrine;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is signed here is verified by a library that others use. */
class SigningSecretsTest {
    private static final String BODY = "{\"type\":\"job.completed\",\"data\":{\"name\":\"Größe 38 👟\"}}";

    private static String secret(int bytes, int filledWith) {
        byte[] secret = new byte[bytes];
        Arrays.fill(secret, (byte) filledWith);
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    private static HttpHeaders headers(SigningSecrets secrets, String id) {
        long now = System.currentTimeMillis() / 1_000;
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(Long.toString(now)),
                        "webhook-signature", List.of(secrets.sign(id, now, BODY.getBytes(UTF_8)))),
                (name, value) -> true);
    }

    private static SigningSecrets of(String... secrets) {
        return new SigningSecrets("VITRINE_CALLBACK_SECRETS", List.of(secrets));
    }

    @Test
    void aReceiversLibraryVerifiesTheSignature() {
        String secret = secret(24, 7);
        assertThatCode(() -> new Webhook(secret).verify(BODY, headers(of(secret), "msg_1")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new Webhook(secret).verify(BODY + " ", headers(of(secret), "msg_1")))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> new Webhook(secret(24, 8)).verify(BODY, headers(of(secret), "msg_1")))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void eachSecretVerifiesWhileTheyAreExchanged() {
        HttpHeaders headers = headers(of(secret(32, 1), secret(64, 2)), "msg_1");
        assertThat(headers.firstValue("webhook-signature").orElse("")).matches("v1,[^ ]{44} v1,[^ ]{44}");
        for (String known : List.of(secret(32, 1), secret(64, 2))) {
            assertThatCode(() -> new Webhook(known).verify(BODY, headers)).doesNotThrowAnyException();
        }
    }

    /** A signature that is published with the libraries of the standard. */
    @Test
    void signsTheSameBytesTheSameWay() {
        assertThat(of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                        .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void theExampleOfTheApiVerifiesIt(@TempDir Path folder) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(Files.isExecutable(python), "there is no Python");
        Matcher example = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(RunningVitrine.HOME.resolve("docs/api.md")));
        assertThat(example.find()).isTrue();
        HttpHeaders sent = headers(of(secret(32, 1), secret(32, 2)), "msg_1");
        String script = example.group(1)
                + """
                import sys
                headers = {"webhook-id": sys.argv[1], "webhook-timestamp": sys.argv[2], "webhook-signature": sys.argv[3]}
                body = sys.argv[4].encode()
                print(verified(sys.argv[5], headers, body), verified(sys.argv[5], headers, body + b" "))
                """;
        Process process = new ProcessBuilder(
                        python.toString(),
                        Files.writeString(folder.resolve("example.py"), script).toString(),
                        sent.firstValue("webhook-id").orElseThrow(),
                        sent.firstValue("webhook-timestamp").orElseThrow(),
                        sent.firstValue("webhook-signature").orElseThrow(),
                        BODY,
                        secret(32, 2))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEqualTo("True False\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "whsec_", "whsec_!", "whsk_AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesWhatIsNoSecretWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> of(secret))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("VITRINE_CALLBACK_SECRETS")
                .hasMessageContaining("openssl rand");
        assertThatThrownBy(() -> of(secret(23, 77))).hasMessageNotContaining("TU1N");
        assertThatThrownBy(() -> of(secret(65, 77))).isInstanceOf(InvalidSettingException.class);
    }
}
