package dev.vitrine.callbacks;

import dev.vitrine.http.outbound.AllowedHosts;
import dev.vitrine.http.outbound.ForbiddenUrlException;
import dev.vitrine.http.outbound.NameResolver;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.util.List;
import java.util.Optional;

/**
 * Who may be told of the ends of jobs.
 *
 * @param hosts that webhooks go to; none turns them off
 * @param secrets sign them
 * @param urlForAll is told of every job; empty for nobody
 */
public record CallbackSettings(AllowedHosts hosts, SigningSecrets secrets, Optional<String> urlForAll) {
    private static final int MOST_URL_CHARS = 2_048;
    private static final Setting<List<String>> HOSTS = Setting.list(
            "VITRINE_CALLBACK_HOSTS",
            AllowedHosts.ENTRY,
            AllowedHosts.ENTRY_RULE,
            "hosts that webhooks may go to, as `VITRINE_FETCH_HOSTS` lists them; none: no webhooks");
    private static final Setting<List<String>> SECRETS = Setting.list(
                    "VITRINE_CALLBACK_SECRETS",
                    "what signs webhooks: `whsec_` and 24 to 64 bytes in Base64; several between commas while receivers change"
                            + " over")
            .secret();
    private static final Setting<String> URL = Setting.text(
                    "VITRINE_CALLBACK_URL",
                    null,
                    "gets a webhook for every job, beside the `callback_url` of its upload")
            .secret();

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(HOSTS, SECRETS, URL);

    /**
     * Reads an installation's settings.
     *
     * @throws InvalidSettingException where they do not go together
     */
    public static CallbackSettings read(SettingSource source) {
        AllowedHosts hosts = new AllowedHosts(HOSTS.name(), HOSTS.read(source), NameResolver.SYSTEM);
        List<String> secrets = SECRETS.read(source);
        String url = URL.read(source);
        if (url != null && hosts.isEmpty()) {
            throw new InvalidSettingException(URL.name() + " needs its host in " + HOSTS.name());
        }
        if (!hosts.isEmpty() && secrets.isEmpty()) {
            throw new InvalidSettingException(HOSTS.name() + " needs " + SECRETS.name()
                    + ", as receivers must be able to tell a webhook from a forgery; make one with: echo"
                    + " whsec_$(openssl rand -base64 32)");
        }
        CallbackSettings settings =
                new CallbackSettings(hosts, new SigningSecrets(SECRETS.name(), secrets), Optional.ofNullable(url));
        settings.urlForAll.flatMap(settings::refusal).ifPresent(why -> {
            throw new InvalidSettingException(URL.name() + " " + why);
        });
        return settings;
    }

    /** Whether webhooks are sent at all. */
    public boolean isOn() {
        return !hosts.isEmpty();
    }

    /** Why nobody can be told at this URL, in words that go on after a name; empty where somebody can. */
    public Optional<String> refusal(String url) {
        if (!isOn()) {
            return Optional.of("is not taken, as this service sends no webhooks; leave it out, or ask the operator for "
                    + HOSTS.name());
        }
        if (url.length() > MOST_URL_CHARS) {
            return Optional.of("has " + url.length() + " characters; the limit is " + MOST_URL_CHARS);
        }
        try {
            hosts.check(url);
            return Optional.empty();
        } catch (ForbiddenUrlException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Without the secrets and the URL, which may hold one. */
    @Override
    public String toString() {
        return "CallbackSettings[isOn=" + isOn() + ", isForAll=" + urlForAll.isPresent() + "]";
    }
}
