"""The shapes of UNTP 0.7.0 and our extension, as ``python -m tools.untp_shapes`` has them.

https://untp.unece.org/docs/0.7.0/specification/. First the codes of each code list that is closed. Then the
classes: name, the name by which UNTP knows it (of a part of our extension, the member that holds it), what it
is; after the colon its members and what stands there: ``*`` a list of it, ``+`` one that is not empty, ``!``
where it may not be missing.
"""

TABLE = """\
@AssessmentLevel# authority-benchmark authority-mandate authority-globalmra authority-peer
  authority-extended-mra scheme-self scheme-cab no-endorsement
@AssessorLevel# self commercial buyer membership unspecified 3rdParty hybrid
@AttestationType# certification declaration inspection testing verification validation calibration
@PartyRole# owner producer manufacturer processor remanufacturer recycler operator serviceProvider inspector
  certifier logisticsProvider carrier consignor consignee importer exporter distributor retailer brandOwner
  regulator
@Process seed cultivation harvest ginning spinning weaving knitting dyeing printing finishing manufacturing
  packing storage transport trading distribution sales collection recycling disposal
@ProductIDGranularity# model batch item
@ProductStatus# new inTransit active repaired recalled expired consumed recycled disposed
@RegistryType# product facility business trademark land accreditation
Address Address value: streetAddress=schemaText! postalCode=schemaText! addressLocality=schemaText!
  addressRegion=schemaText! addressCountry=Country!
Analyte Analyte value ruled: analyte=filled! finding=detected|notDetected|quantified|! amount=notNegative
  amountUnit=filled detectionLimit=notNegative
BitstringStatusListEntry BitstringStatusListEntry value: type=BitstringStatusListEntry|! id=uri
  statusPurpose=refresh|revocation|suspension|message|! statusListIndex=index! statusListCredential=uri!
Characteristics Characteristics value free own_vocabulary:
Claim Claim own_vocabulary entity: id=uri! name=name! description=name referenceCriteria=Criterion*!
  referenceRegulation=Regulation* referenceStandard=Standard* claimDate=day! applicablePeriod=Period
  claimedPerformance=Performance*! evidence=Link* conformityTopic=ConformityTopic*!
Classification Classification value: code=text! name=name! definition=text schemeId=uri! schemeName=text!
ConformityAssessment ConformityAssessment own_vocabulary entity: id=uri! name=name! description=name
  assessmentCriteria=Criterion*! assessmentDate=day! assessedPerformance=Performance*!
  assessedProduct=ProductVerification* assessedFacility=FacilityVerification* assessedOrganisation=Party
  referenceStandard=Standard* referenceRegulation=Regulation* specifiedCondition=text* evidence=Link*
  conformityTopic=ConformityTopic*! conformance=flag
ConformityAttestation ConformityAttestation own_vocabulary entity: id=uri! name=name! description=name
  assessorLevel=@AssessorLevel#! assessmentLevel=@AssessmentLevel#! attestationType=@AttestationType#!
  issuedToParty=Party! authorisation=Endorsement* referenceScheme=ConformityScheme!
  referenceProfile=ConformityProfile profileScore=Score conformityCertificate=Link auditableEvidence=Link
  trustmark=Image conformityAssessment=ConformityAssessment*
ConformityProfile ConformityProfile own_vocabulary entity: id=uri! name=name! description=name version=text
  validFrom=day status=@CriterionStatus# subjectType=@AssessmentSubjectType#
  standardAlignment=StandardAlignment* regulatoryAlignment=RegulatoryAlignment*
  criterionScoringFramework=ScoringFramework documentation=uri criterion=Criterion* scope=Classification*
  scheme=ConformityScheme
ConformityScheme ConformityScheme own_vocabulary entity: id=uri! name=name! description=name owner=Party
  endorsementLevel=@SchemeEndorsementLevel# endorsement=Endorsement* schemeScoringFramework=ScoringFramework
  documentation=uri licenseType=@LicenseType# establishedDate=day geographicScope=Classification*
  industryScope=Classification* trustmark=Image conformsTo=Link* includedProfile=ConformityProfile*
ConformityTopic ConformityTopic entity: id=uri! name=name! definition=text
Coordinate Coordinate value: latitude=latitude! longitude=longitude!
Country Country value: countryCode=country! countryName=text
CredentialIssuer CredentialIssuer own_vocabulary entity: id=uri! name=name! issuerAlsoKnownAs=Party*
Criterion Criterion own_vocabulary entity: id=uri! name=name! description=name version=text
  status=@CriterionStatus# documentation=uri conformityTopic=ConformityTopic* tag=text*
  requiredPerformance=Performance*
Delegation delegation value ruled part: principal=Party! delegate=Party!
  actions=hold|present|requestCertificate|declareProduct|recordEvent|+! schemes=reference+
  facilities=reference+ startDate=day! endDate=day! mayDelegate=flag
DigitalConformityCredential DigitalConformityCredential credential own_vocabulary: id=uri!
  issuer=CredentialIssuer! validFrom=moment! validUntil=moment name=string!
  credentialStatus=BitstringStatusListEntry renderMethod=RenderTemplate2024* issuingSoftware=IssuingSoftware
  credentialSubject=ConformityAttestation!
DigitalFacilityRecord DigitalFacilityRecord credential own_vocabulary: id=uri! issuer=CredentialIssuer!
  validFrom=moment! validUntil=moment name=string! credentialStatus=BitstringStatusListEntry
  renderMethod=RenderTemplate2024* issuingSoftware=IssuingSoftware credentialSubject=Facility!
DigitalIdentityAnchor DigitalIdentityAnchor credential own_vocabulary: id=uri! issuer=CredentialIssuer!
  validFrom=moment! validUntil=moment name=string! credentialStatus=BitstringStatusListEntry
  renderMethod=RenderTemplate2024* issuingSoftware=IssuingSoftware credentialSubject=RegisteredIdentity!
DigitalProductPassport DigitalProductPassport credential own_vocabulary: id=uri! issuer=CredentialIssuer!
  validFrom=moment! validUntil=moment name=string! credentialStatus=BitstringStatusListEntry
  renderMethod=RenderTemplate2024* issuingSoftware=IssuingSoftware credentialSubject=Product!
Dimension Dimension value: weight=Measure length=Measure width=Measure height=Measure volume=Measure
DrawnInput DrawnInput value: certificate=reference! line=count weightDrawn=Weight! digestMultibase=digest
Endorsement Endorsement value: name=name! trustmark=Image issuingAuthority=Party! endorsementEvidence=Link
EventProduct EventProduct value: product=TracedProduct! quantity=Measure disposition=@ProductStatus#
Facility Facility own_vocabulary entity: id=uri! name=name! description=name registeredId=text
  idScheme=IdentifierScheme relatedParty=PartyRole* relatedDocument=Link*
  facilityAlsoKnownAs=FacilityReference* materialUsage=MaterialUsage performanceClaim=Claim*
  countryOfOperation=Country! processCategory=Classification*! locationInformation=Location!
  address=Address!
FacilityReference Facility own_vocabulary entity: id=uri! name=name! description=name registeredId=text
  idScheme=IdentifierScheme relatedParty=PartyRole* relatedDocument=Link*
  facilityAlsoKnownAs=FacilityReference* materialUsage=MaterialUsage performanceClaim=Claim*
  countryOfOperation=Country processCategory=Classification* locationInformation=Location address=Address
FacilityVerification FacilityVerification value: facility=FacilityReference! idVerifiedByCAB=flag
IdentifierScheme IdentifierScheme entity: id=uri! name=name!
Image Image value: name=name! description=name imageData=picture! mediaType=mediaType!
InventoryConformance inventoryConformance value ruled part: facility=FacilityReference! listId=reference!
  listVersion=filled! periodStart=day! periodEnd=day! formulationsTotal=count! formulationsConformant=tally!
  shareByMass=share
IssuerApproval issuerApproval value ruled part: kind=schemeOwnerApproval|accreditation|! schemes=reference+!
  processes=@Process+! productClasses=filled+ regions=region+ startDate=day! endDate=day!
IssuingSoftware IssuingSoftware value own_vocabulary: id=uri! name=name! version=text!
  vendor=SoftwareVendor!
LabelRelease labelRelease value ruled part: product=ProductReferenceValue! labelGrade=filled!
  licenceNumber=filled! claimText=languages! certificate=reference releaseDate=day! expiryOfRelease=day
LaboratoryResult laboratoryResult value ruled part: laboratory=Party!
  method=eDNA|isotope|marker|gmo|residue|fibre|! methodStandard=filled sample=Sample! receivedOn=day!
  testedOn=day! analytes=Analyte+! outcome=pass|fail|inconclusive|! remark=languages
LifecycleEvent LifecycleEvent own_vocabulary entity: id=uri! name=name! description=name eventDate=moment!
  sensorData=SensorData* relatedDocument=Link* activityType=Classification! relatedParty=PartyRole*
Link Link value: linkURL=uri! linkName=text! digestMultibase=digest mediaType=mediaType linkType=text
Location Location value: plusCode=uri geoLocation=Coordinate geoBoundary=Coordinate*
MakeEvent MakeEvent own_vocabulary entity: id=uri! name=name! description=name eventDate=moment!
  sensorData=SensorData* relatedDocument=Link* activityType=Classification! relatedParty=PartyRole*
  inputProduct=EventProduct*! outputProduct=EventProduct*! madeAtFacility=FacilityReference!
Material Material value: name=name! originCountry=Country! materialType=Classification!
  massFraction=fraction! mass=Measure recycledMassFraction=fraction hazardous=flag symbol=Image
  materialSafetyInformation=Link
MaterialShare MaterialShare value: material=filled! label=languages share=share!
MaterialUsage MaterialUsage value: applicablePeriod=Period materialConsumed=Material*!
Measure Measure value: value=number! upperTolerance=number lowerTolerance=number unit=unit!
ModifyEvent ModifyEvent own_vocabulary entity: id=uri! name=name! description=name eventDate=moment!
  sensorData=SensorData* relatedDocument=Link* activityType=Classification! relatedParty=PartyRole*
  modifiedProduct=EventProduct*! modifiedAtFacility=FacilityReference!
MoveEvent MoveEvent own_vocabulary entity: id=uri! name=name! description=name eventDate=moment!
  sensorData=SensorData* relatedDocument=Link* activityType=Classification! relatedParty=PartyRole*
  movedProduct=EventProduct*! fromFacility=FacilityReference! toFacility=FacilityReference!
  consignmentId=uri
Package Package value: description=name! dimensions=Dimension! materialUsed=Material*! packageLabel=Image*
  performanceClaim=Claim*
Party Party own_vocabulary entity: id=uri! name=name! description=name registeredId=text
  idScheme=IdentifierScheme registrationCountry=Country partyAddress=Address organisationWebsite=uri
  industryCategory=Classification* partyAlsoKnownAs=Party*
PartyRole PartyRole value: role=@PartyRole#! party=Party!
Performance Performance value measured: metric=PerformanceMetric measure=Measure score=Score
PerformanceMetric PerformanceMetric entity: id=uri! name=name! description=name
  improvementDirection=@ImprovementIndicator# aggregationMethod=@AggregationType# allowedUnit=unit*
Period Period value: startDate=day! endDate=day! periodInformation=text
Product Product own_vocabulary entity: id=uri! name=name! description=name modelNumber=text batchNumber=text
  itemNumber=text productImage=Link characteristics=Characteristics relatedDocument=Link*
  relatedParty=PartyRole* productionDate=day expiryDate=day dimensions=Dimension
  materialProvenance=Material* packaging=Package productLabel=Image* performanceClaim=Claim*
  idScheme=IdentifierScheme! idGranularity=@ProductIDGranularity#! productCategory=Classification*!
  producedAtFacility=FacilityReference! countryOfProduction=Country!
ProductClass ProductClass value ruled: code=filled! label=languages composition=MaterialShare+!
  labelGrade=filled!
ProductLine ProductLine value ruled: line=count! product=ProductReferenceValue! productClass=filled
  labelGrade=filled composition=MaterialShare* documentNumber=filled netWeight=Weight!
  certifiedWeight=Weight!
ProductReference Product own_vocabulary entity: id=uri! name=name! description=name modelNumber=text
  batchNumber=text itemNumber=text productImage=Link characteristics=Characteristics relatedDocument=Link*
  relatedParty=PartyRole* productionDate=day expiryDate=day dimensions=Dimension
  materialProvenance=Material* packaging=Package productLabel=Image* performanceClaim=Claim*
  idScheme=IdentifierScheme productCategory=Classification* producedAtFacility=FacilityReference
  countryOfProduction=Country idGranularity=@ProductIDGranularity#
ProductReferenceValue ProductReferenceValue value: id=uri! name=filled! model=filled batch=filled
ProductVerification ProductVerification value: product=ProductReference! idVerifiedByCAB=flag
RegisteredIdentity RegisteredIdentity own_vocabulary entity: id=uri! registeredName=text! registeredId=text!
  registeredDate=day! publicInformation=uri idScheme=IdentifierScheme! registrar=Party
  registerType=@RegistryType#! registrationScope=uri*
Regulation Regulation own_vocabulary entity: id=uri! name=name! description=name jurisdictionCountry=Country
  administeredBy=Party effectiveDate=day
RegulatoryAlignment RegulatoryAlignment value: regulation=Regulation! alignmentLevel=@SchemeAlignmentLevel#!
RenderTemplate2024 RenderTemplate2024 entity: name=string mediaQuery=text template=text url=uri
  mediaType=mediaType digestMultibase=digest
Sample Sample value ruled: id=reference! ofBatch=ProductReferenceValue! takenOn=day! takenBy=filled
  sealNumber=filled
ScopeCertificate certificationScope value ruled part: schemes=reference+! sites=Site+!
  productClasses=ProductClass+!
Score Score value: code=text! rank=whole definition=text
ScoringFramework ScoringFramework value: name=name! description=name score=Score*
SensorData SensorData value: metric=PerformanceMetric! measure=Measure*! rawData=Link*
  sensor=ProductReference geoLocation=Coordinate
Shipment Shipment value: date=day! documentNumber=filled! carrierName=filled
Site Site value: facility=FacilityReference! role=main|own|subcontracted|separatelyCertified|!
  processes=@Process+! certificate=reference
SoftwareVendor SoftwareVendor value own_vocabulary: id=uri! name=name!
Standard Standard own_vocabulary entity: id=uri! name=name! description=name issuingParty=Party
  issueDate=day
StandardAlignment StandardAlignment value: standard=Standard! alignmentLevel=@SchemeAlignmentLevel#!
TracedProduct Product own_vocabulary entity: id=uri! name=name! description=name modelNumber=text
  batchNumber=text itemNumber=text productImage=Link characteristics=Characteristics relatedDocument=Link*
  relatedParty=PartyRole* productionDate=day expiryDate=day dimensions=Dimension
  materialProvenance=Material* packaging=Package productLabel=Image* performanceClaim=Claim*
  idScheme=IdentifierScheme productCategory=Classification* producedAtFacility=FacilityReference
  countryOfProduction=Country idGranularity=@ProductIDGranularity#!
TransactionCertificate transaction value ruled part: seller=Party! buyer=Party! shipTo=FacilityReference
  shipments=Shipment+! productLines=ProductLine+! inputs=DrawnInput* conversionFactor=positive
  lossFactor=loss
Weight Weight value: value=positive! unit=KGM|TNE|GRM|LBR|!
"""
