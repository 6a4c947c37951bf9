namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>The private PostgreSQL cannot be had; the message is written for the person who starts the hub.</summary>
public sealed class PostgresUnavailableException(string message) : Exception(message);
