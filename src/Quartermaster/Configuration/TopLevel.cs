using System.Net;

namespace Quartermaster.Configuration;

/// <summary>The keys of the whole hub. Each can be given, or overruled, by an environment variable with the prefix QM_.</summary>
internal sealed class TopLevel(Section root, Source source)
{
    private static readonly HubConfiguration Usual = new() { Plan = new(new Dictionary<string, Runtime.BrandPlan>(), new Dictionary<string, Runtime.ConnectionPlan>()) };

    private readonly Section _retention = root.Child("retention");
    private readonly Section _limits = root.Child("limits");

    public string? Database()
    {
        if (Value(root, "database", "QM_DATABASE") is not { } written)
            return null;
        try
        {
            return DatabaseAddress.ToConnectionString(written.Text);
        }
        catch (FormatException failure)
        {
            // The address holds a password: it is not repeated.
            written.IsWrong(failure.Message.TrimEnd('.'), "Write postgres://user:password@host:5432/name or Host=…;Username=…;Password=…;Database=…");
            return null;
        }
    }

    public string DataFolder() => Value(root, "data", "QM_DATA")?.Text ?? Usual.DataFolder;

    public Uri Listen()
    {
        if (Value(root, "listen", "QM_LISTEN") is not { } written)
            return Usual.Listen;
        if (Uri.TryCreate(written.Text, UriKind.Absolute, out var address) && address is { Scheme: "http", AbsolutePath: "/", Query: "" } && address.Port > 0)
            return address;
        written.IsWrong($"'{written.Text}' is not an address to listen on", "Write http://HOST:PORT, for example http://127.0.0.1:5080; HTTPS belongs to the proxy in front.");
        return Usual.Listen;
    }

    public Uri? PublicAddress()
    {
        if (Value(root, "public_address", "QM_PUBLIC_ADDRESS") is not { } written)
            return null;
        if (Uri.TryCreate(written.Text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "" })
            return address;
        written.IsWrong($"'{written.Text}' is not a web address", "Write the address that vendors and browsers use: https://hub.example.com");
        return null;
    }

    public IReadOnlyList<string> Roles()
    {
        var words = Overruled("roles", "QM_ROLES") is { } overruled ? [.. Section.Split(overruled)] : root.Words("roles");
        foreach (var word in words)
            if (!HubConfiguration.AllRoles.Contains(word.Text))
                word.IsWrong($"'{word.Text}' is not a role", NearestWord.Hint(word.Text, [.. HubConfiguration.AllRoles], ""));
        return words.Count == 0 ? HubConfiguration.AllRoles : [.. words.Select(w => w.Text).Distinct()];
    }

    public IReadOnlyList<IPNetwork> TrustedProxies()
    {
        var words = Overruled("trusted_proxies", "QM_TRUSTED_PROXIES") is { } overruled ? [.. Section.Split(overruled)] : root.Words("trusted_proxies");
        List<IPNetwork> networks = [];
        foreach (var word in words)
        {
            if (IPNetwork.TryParse(word.Text, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(word.Text, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else word.IsWrong($"'{word.Text}' is not a network address", "Write an address or a network: 10.0.0.7 or 172.16.0.0/12");
        }
        return networks;
    }

    public int HistoryDays()
    {
        var days = Whole(_retention, "history_days", "QM_HISTORY_DAYS", Usual.HistoryDays, least: 30);
        _retention.NothingElse();
        return days;
    }

    public int BodyBytes()
    {
        var bytes = Whole(_limits, "body_bytes", "QM_BODY_BYTES", Usual.BodyBytes, least: 64 * 1024);
        _limits.NothingElse();
        return bytes;
    }

    private int Whole(Section section, string key, string variable, int otherwise, int least)
    {
        var configured = section.Whole(key, otherwise, least);
        if (Overruled(key, variable) is not { } written)
            return configured;
        if (int.TryParse(written.Text, out var value) && value >= least)
            return value;
        written.IsWrong($"'{written.Text}' is not a whole number of {least} or more", $"Write for example {variable}={otherwise}");
        return configured;
    }

    private Written? Value(Section section, string key, string variable)
    {
        // Asked for in any case, so that the key is known even when the environment overrules it.
        var written = section.Find(key);
        return Overruled(key, variable) ?? written;
    }

    private Written? Overruled(string key, string variable)
    {
        try
        {
            return source.Environment.Find(variable) is { } value ? new(value.Trim(), new(variable), key, source.Problems) : null;
        }
        catch (EnvironmentValueException missing)
        {
            source.Problems.Add(new(variable + "_FILE"), key, missing.Wrong, missing.Right);
            return null;
        }
    }
}
