# Generates the videos of a list and saves them, with an exit code for a scheduler. See Get-Help Invoke-ChuiziVideoBatch.
Invoke-ChuiziVideoBatch @args
exit $LASTEXITCODE
