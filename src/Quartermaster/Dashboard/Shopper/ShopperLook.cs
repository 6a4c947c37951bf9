using System.Security.Cryptography;
using System.Text;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>A brand's colours as its page carries them, and the policy that lets the browser take exactly these.</summary>
public sealed class ShopperLook
{
    public ShopperLook(BrandTerms terms)
    {
        (Name, Logo) = (terms.Look.Name ?? terms.Title, terms.Look.Logo);
        Style = $":root{{--brand:{terms.Look.Colour};--brand-dark:{terms.Look.OnDark}}}";
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));
        Tag = hash[..8];
        Policy = $"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{hash}'; img-src 'self' data:{(Logo is null ? "" : " " + Logo.GetLeftPart(UriPartial.Authority))}; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }

    public string Name { get; }

    public Uri? Logo { get; }

    /// <summary>One rule, so that a page needs no second file for two colours.</summary>
    public string Style { get; }

    /// <summary>Another for another style: a page that a browser kept goes only with the policy of its own.</summary>
    public string Tag { get; }

    /// <summary>Content-Security-Policy of the brand's page: its own files, this style by its hash, and the logo's host.</summary>
    public string Policy { get; }
}
