namespace Quartermaster.Core.Routing;

/// <summary>A share that was seen in a sample, drawn towards what is usual where the sample is small.</summary>
/// <remarks>
/// The m-estimate p = (k + m·p₀) / (n + m): k of n parcels, and m more that are as usual (p₀). It is the mean of the beta-binomial posterior with the prior
/// Beta(m·p₀, m·(1 − p₀)); p₀ is itself estimated from all parcels, which makes it empirical Bayes. B. Cestnik, "Estimating Probabilities: A Crucial Task in
/// Machine Learning", ECAI 1990, pp. 147–149; Gelman et al., "Bayesian Data Analysis", 3rd ed., sections 2.4 and 5.1.
/// </remarks>
/// <param name="P">Between 0 and 1.</param>
/// <param name="Sample">Parcels of the narrowest group that it was looked for in.</param>
public readonly record struct Shrunk(double P, int Sample)
{
    /// <summary>Parcels after which a group counts as much as what is usual.</summary>
    public const int Prior = 20;

    /// <summary>This share as what is usual, and a narrower group of which so many showed it.</summary>
    public Shrunk Towards(int shown, int of) => new((shown + (Prior * P)) / (of + Prior), of);
}
