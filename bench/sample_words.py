"""Words for invented customers: names by origin, places with their postcodes, streets and trades.

Lists are in rough order of how common each word is; the generator gives the first ones more weight.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A town with the postcodes it uses (first, last) and how often it is drawn."""

    province: str
    town: str
    postcodes: tuple[int, int]
    weight: int
    area: str  # three digits after which invented landline numbers of the province go
    region: str  # which language streets and surnames lean to: es, ca, eu, gl


class Origin(NamedTuple):
    """Names of one origin; `surname_count` is how many surnames a person of it usually has."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    surname_count: int


def _w(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(",") if word.strip())


CASTILIAN = Origin(
    women=_w("""
        María, Carmen, Ana, Isabel, Laura, Cristina, Marta, Lucía, Pilar, Elena, María Carmen, Ana María, Paula,
        Sara, Raquel, Dolores, María José, Mercedes, Rosa, Beatriz, Teresa, Nuria, Silvia, Julia, Patricia,
        Rocío, Irene, Andrea, Alba, Concepción, Francisca, Antonia, Encarnación, Inmaculada, Sofía, Claudia,
        Daniela, Martina, Noelia, Eva, Mónica, Yolanda, Inés, Begoña, Verónica, Susana, Ángela, Rosario, Amparo,
        Consuelo, María del Pilar, María de los Ángeles, Esperanza, Lorena, Aurora, Gloria, Celia, Emilia,
        Josefa, Manuela, Milagros, Soledad, Remedios, Ascensión, Purificación, Candela, Jimena, Vega
        """),
    men=_w("""
        Antonio, José, Manuel, Francisco, David, Juan, Javier, Daniel, José Antonio, Carlos, Jesús, Alejandro,
        Miguel, Rafael, Pablo, Pedro, Ángel, Sergio, José Luis, Fernando, Jorge, Luis, Álvaro, Alberto, Adrián,
        Diego, Juan Carlos, Raúl, Ramón, Enrique, Vicente, Iván, Rubén, Andrés, Joaquín, Óscar, Juan José,
        Santiago, Eduardo, Víctor, Mario, Roberto, Hugo, Jaime, Ignacio, Salvador, Marcos, Guillermo, Julián,
        Emilio, Gonzalo, Tomás, Agustín, José Ramón, Félix, Nicolás, Martín, Alfonso, Mariano, Gregorio,
        Domingo, César, Benito, Lorenzo, Isidro, Eugenio, Ismael, Bruno, Ovidio, José María
        """),
    surnames=_w("""
        García, Rodríguez, González, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Martín, Jiménez,
        Hernández, Ruiz, Díaz, Moreno, Muñoz, Álvarez, Romero, Gutiérrez, Alonso, Navarro, Torres, Domínguez,
        Ramos, Vázquez, Ramírez, Gil, Serrano, Morales, Molina, Blanco, Suárez, Castro, Ortega, Delgado, Ortiz,
        Marín, Rubio, Núñez, Medina, Sanz, Castillo, Iglesias, Cortés, Garrido, Santos, Guerrero, Lozano, Cano,
        Cruz, Méndez, Flores, Prieto, Herrera, Peña, León, Márquez, Cabrera, Gallego, Calvo, Vidal, Campos,
        Reyes, Vega, Fuentes, Carrasco, Díez, Caballero, Nieto, Aguilar, Santana, Pascual, Herrero, Montero,
        Lorenzo, Hidalgo, Giménez, Ibáñez, Ferrer, Durán, Santiago, Benítez, Vargas, Mora, Arias, Vicente,
        Carmona, Crespo, Román, Pastor, Soto, Sáez, Velasco, Moya, Soler, Parra, Esteban, Bravo, Gallardo,
        Rojas, Pardo, Merino, Franco, Espinosa, Izquierdo, Lara, Rivas, Silva, Rivera, Casado, Arroyo, Redondo,
        Camacho, Rey, Vera, Otero, Luque, Galán, Montes, Ríos, Sierra, Segura, Carrillo, Marcos, Soriano,
        Mendoza, Bermejo, Quintana, Cuesta, Escudero, Maldonado, Peñalver, Ordóñez, Cañizares, Bañuelos, Zúñiga,
        Acuña, Ávila, Baños, Cañas, Muñiz, Yáñez, Íñiguez
        """),
    surname_count=2,
)
CATALAN = Origin(
    women=_w("""
        Montserrat, Núria, Marta, Laia, Mercè, Anna, Carme, Meritxell, Mireia, Maria, Júlia, Roser, Gemma,
        Assumpta, Neus, Àngels, Berta, Queralt, Jordina, Aina, Margalida, Catalina, Empar, Remei, Llúcia, Ona,
        Bruna, Abril
        """),
    men=_w("""
        Jordi, Josep, Joan, Marc, Xavier, Pere, Albert, Francesc, Oriol, Lluís, Pau, Miquel, Ramon, Carles,
        Arnau, Ferran, Josep Maria, Enric, Guillem, Jaume, Bernat, Biel, Tomeu, Vicent, Roc, Àlex, Gerard, Pol,
        Lluc, Climent
        """),
    surnames=_w("""
        Vila, Serra, Puig, Font, Bosch, Roca, Riera, Ferrer, Pujol, Soler, Costa, Torrent, Casals, Grau, Coll,
        Pons, Sala, Mas, Bonet, Prat, Rovira, Valls, Camps, Comas, Roig, Busquets, Brugarolas, Sabaté, Llorens,
        Català, França, Bargalló, Fàbregas, Castellà, Llop, Vallès, Ribera, Gironès, Masdeu, Rosselló, Bauçà,
        Mulet, Oliver, Barceló, Salom, Rossinyol, Puigdomènech, Sant-Feliu, Campfort, Güell, Massagué, Escarrà
        """),
    surname_count=2,
)
BASQUE = Origin(
    women=_w("""
        Ane, Miren, Amaia, Nerea, Leire, Itziar, Maite, Ainhoa, Arantxa, Garazi, Izaro, Uxue, Edurne, Nekane,
        Irati, Maider, Lorea, Haizea, Begoñe, Itxaso, Ainara, Olatz
        """),
    men=_w("""
        Mikel, Jon, Iker, Ander, Aitor, Unai, Gorka, Asier, Julen, Iñaki, Iñigo, Koldo, Xabier, Beñat, Oier,
        Eneko, Josu, Patxi, Joseba, Andoni, Urko, Txomin
        """),
    surnames=_w("""
        Etxeberria, Agirre, Goikoetxea, Zabala, Mendizabal, Ibarra, Arrieta, Urrutia, Otegi, Larrañaga,
        Aranburu, Azpiazu, Uriarte, Iturralde, Lizarraga, Garmendia, Zubizarreta, Olano, Elizondo, Mugica,
        Arregi, Bengoetxea, Errasti, Gaztañaga, Ormazabal, Txurruka, Ugarte, Zuloaga, Ochoa de Olza, Fernández
        de Gamboa, López de Uralde, Martínez de Zuazo
        """),
    surname_count=2,
)
GALICIAN = Origin(
    women=_w("""
        Uxía, Sabela, Noa, Iria, Antía, Carme, Rosalía, Lúa, Xiana, Branca, Icía, Maruxa, Alda, Catuxa, Aldara,
        Tareixa, Brais María, Dores
        """),
    men=_w("""
        Xoán, Brais, Anxo, Iago, Xosé, Breixo, Roi, Martiño, Antón, Xurxo, Paio, Uxío, Manoel, Xosé Manuel,
        Bieito, Amaro, Fiz, Lois
        """),
    surnames=_w("""
        Castro, Rodríguez, Fernández, Vázquez, Rey, Lago, Seoane, Piñeiro, Carballo, Figueroa, Loureiro,
        Outeiro, Rial, Pazos, Mosquera, Couto, Barreiro, Souto, Vilariño, Freire, Bouzas, Cabaleiro, Xunqueira,
        Ameixeiras, Doural, Castiñeira, Louzán, Neira, Ferreiro, Pardiñas
        """),
    surname_count=2,
)
FOREIGN: tuple[tuple[str, int, Origin], ...] = (
    (
        "ma",
        20,
        Origin(
            _w("Fátima, Khadija, Aicha, Naima, Salma, Hanane, Samira, Zineb, Imane, Najat"),
            _w("Mohamed, Ahmed, Youssef, Rachid, Hassan, Karim, Omar, Abdelkader, Said, Mustapha"),
            _w("El Amrani, Benali, Bouzid, El Idrissi, Haddad, Ouali, Lahlou, Ziani, El Khattabi, Rahmouni, Chaoui"),
            1,
        ),
    ),
    (
        "ro",
        18,
        Origin(
            _w("Ioana, Andreea, Elena, Mihaela, Gabriela, Daniela, Ștefania, Roxana"),
            _w("Ionuț, Andrei, Gheorghe, Mihai, Florin, Ștefan, Vasile, Răzvan, Cătălin"),
            _w("Popa, Ionescu, Munteanu, Rădulescu, Ciobanu, Dumitrașcu, Stănescu, Bălan, Țurcanu, Lupu"),
            1,
        ),
    ),
    (
        "la",
        30,
        Origin(
            _w("Yamileth, Leidy, Valentina, Camila, Milagros, Jhoselyn, Luz Marina, Maribel, Gladys, Flor de María"),
            _w("Wilson, Jhon Jairo, Édison, Brayan, Freddy, Luis Fernando, Óscar Iván, Segundo, Washington, Kevin"),
            _w(
                "Quispe, Mamani, Guamán, Cárdenas, Restrepo, Zambrano, Chávez, Paredes, Villacrés, Yupanqui, Cevallos, "
                "Sepúlveda, Escobar, Ayala, Bustamante"
            ),
            2,
        ),
    ),
    (
        "en",
        10,
        Origin(
            _w("Emma, Charlotte, Deborah, Sheila, Margaret, Siobhán"),
            _w("Oliver, Nigel, Graham, Seán, Keith, Howard"),
            _w("Ashcroft, Whitlock, O'Rourke, Thornbury, MacAllen, Birchwood, Hartley-Moss"),
            1,
        ),
    ),
    (
        "de",
        8,
        Origin(
            _w("Heike, Ursula, Käthe, Annika"),
            _w("Jürgen, Klaus-Dieter, Björn, Matthias, Günter"),
            _w("Müllenbach, Groß, Schönfeld, Weißmann, von der Heyde, Köhlert, Bäumler"),
            1,
        ),
    ),
    (
        "fr",
        7,
        Origin(
            _w("Chloé, Hélène, Françoise, Anaïs, Zoé"),
            _w("François, Jérôme, Loïc, Gaël, Benoît"),
            _w("Lefèvre, Delacourt, Beauchêne, Maçonnier, d'Aubry, Perreault"),
            1,
        ),
    ),
    (
        "zh",
        9,
        Origin(
            _w("Xiaoling, Meifang, Lihua, Yan, Jing"),
            _w("Wei, Jianguo, Haoran, Zhiming, Long"),
            _w("Wang, Chen, Zhou, Lin, Xu, Hu, Ye, Zhu"),
            1,
        ),
    ),
    (
        "ua",
        8,
        Origin(
            _w("Oksana, Olena, Nataliia, Svitlana, Iryna"),
            _w("Oleksandr, Serhii, Dmytro, Bohdan, Vasyl"),
            _w("Kovalchuk, Shevchuk, Bondarenko, Melnyk, Savchuk, Tkachenko"),
            1,
        ),
    ),
    (
        "pt",
        7,
        Origin(
            _w("Graça, Conceição, Inês, Joana, Fátima"),
            _w("João, Nuno, Gonçalo, Tiago, Rui"),
            _w("Gonçalves, Magalhães, Simões, Assunção, Brandão, Leitão"),
            2,
        ),
    ),
    (
        "sn",
        6,
        Origin(
            _w("Awa, Aminata, Fatou, Ndèye"),
            _w("Mamadou, Ousmane, Cheikh, Modou"),
            _w("Diop, Ndiaye, Sarr, Gueye, Mbaye, N'Dour"),
            1,
        ),
    ),
    (
        "pk",
        5,
        Origin(
            _w("Ayesha, Saima, Rukhsana, Nasreen"),
            _w("Muhammad, Imran, Tariq, Waqas"),
            _w("Hussain, Iqbal, Chaudhry, Akhtar, Mehmood"),
            1,
        ),
    ),
)

# Halves of surnames nobody need bear: a customer file holds thousands of rare ones, and search must face them.
RARE_HALVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "es": (
        _w("""
        Villa, Castro, Fuente, Monte, Val, Torre, Casa, Campo, Pera, Moral, Robre, Sarna, Quinta, Bar, Cala,
        Mira, Salda, Arri, Can, Garci, Herre, Lumbre, Mata, Nava, Olme, Pala, Rebo, Tama, Ursa, Zara, Beni, Cer,
        Man, Tordo, Peña, Becer
        """),
        _w("""
        ral, luenga, nueva, rrubia, seca, dillo, ñana, querido, corta, llosa, redonda, gómez, nzana, toria,
        zuela, jares, mora, verde, piedra, osa, lante, mayor, ldea, huerta, ncillas, rroyo, ñosa, cinos, dueñas,
        sinos, vieja, morisca
        """),
    ),
    "ca": (
        _w("Puig, Font, Mas, Mont, Vila, Camp, Pla, Roca, Torre, Coll, Serra, Bosc, Riu, Cas"),
        _w("""
        rodona, alta, roja, negre, serrat, cardó, mitjà, vell, major, pons, blanc, llobera, grau, ermosa, dalba, gros
        """),
    ),
    "eu": (
        _w("Etxe, Mendi, Iturri, Aran, Zubi, Haritz, Sagar, Urki, Lizar, Elor, Arri, Oihan, Goi, Olaz"),
        _w("garai, berri, alde, zabal, gorri, ondo, goitia, iaga, arte, mendi, zar, etxea, ola, beitia"),
    ),
    "gl": (
        _w("Vilar, Souto, Castro, Pena, Monte, Rega, Carba, Fonte, Outei, Lama, Cando, Bouza"),
        _w("iño, longo, edo, vella, meán, boa, grande, ledo, mil, sende, reza, deiro"),
    ),
}

STREETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "es": (
        "{kind} {name}",
        _w("""
        Mayor, del Olmo, de la Fuente, del Molino, de la Encina, del Almendro, de las Eras, del Río, de la
        Estación, Nueva, del Horno, de los Tejares, del Sauce, de la Noguera, de la Ermita, del Palomar, del
        Romero, de la Alameda, del Mirador, de la Vega, de la Cantera, del Lavadero, de las Acacias, del Arroyo,
        de la Higuera, de Poniente, de Levante
        """),
    ),
    "ca": (
        "Carrer {name}",
        _w("""
        Major, de la Font, del Molí, de la Bassa, dels Horts, de l'Alzina, del Forn, de les Eres, Nou, de la
        Sínia, del Pou, de la Riera, dels Ametllers, de l'Estació, de Migdia
        """),
    ),
    "eu": (
        "{name} kalea",
        _w("Iturri, Haritz, Errota, Zubi, Lizardi, Mendi, Geltoki, Sagasti, Erreka, Harrobi, Elizalde, Baratz"),
    ),
    "gl": (
        "Rúa {name}",
        _w("""
        da Fonte, do Muíño, das Hortas, do Carballo, da Eira, do Souto, da Ponte, do Forno, Nova, da Ribeira, do
        Castiñeiro, da Estación
        """),
    ),
}
STREET_KINDS = _w("Calle, Calle, Calle, Calle, Avenida, Plaza, Paseo, Camino, Travesía, Ronda, Urbanización")

TRADES = _w("""
        Talleres, Panadería, Ferretería, Carpintería, Transportes, Academia, Clínica Dental, Óptica, Bar,
        Restaurante, Hostal, Peluquería, Autoescuela, Gestoría, Construcciones, Instalaciones, Imprenta,
        Floristería, Viveros, Bodegas, Granja, Confecciones, Mudanzas, Librería, Farmacia, Lavandería,
        Cristalería, Muebles, Reformas, Pescadería
        """)
TRADE_NAMES = _w("""
        Olmo Viejo, La Encina, Tres Cruces, El Alero, Vega Alta, Luna Llena, Hermanos {s}, {s} e Hijos, {s} y
        {t}, La Espiga, Puente Nuevo, El Cántaro, Sol de Marzo, Roble y Hierro, La Ventana, Siete Fuentes, Mar
        de Fondo, Piedra Azul, La Noria, {s}
        """)


def _p(province: str, area: str, region: str, *towns: tuple[str, int, int, int]) -> list[Place]:
    return [Place(province, town, (first, last), weight, area, region) for town, first, last, weight in towns]


PLACES: tuple[Place, ...] = tuple(
    place
    for group in (
        _p("Araba/Álava", "845", "eu", ("Vitoria-Gasteiz", 1001, 1015, 7)),
        _p("Albacete", "867", "es", ("Albacete", 2001, 2008, 4), ("Hellín", 2400, 2400, 1)),
        _p("Alicante", "865", "es", ("Alicante", 3001, 3016, 9), ("Elche", 3201, 3208, 6), ("Alcoi", 3801, 3804, 2)),
        _p("Almería", "850", "es", ("Almería", 4001, 4009, 6), ("El Ejido", 4700, 4700, 2)),
        _p("Ávila", "820", "es", ("Ávila", 5001, 5005, 2)),
        _p("Badajoz", "824", "es", ("Badajoz", 6001, 6011, 4), ("Mérida", 6800, 6800, 2)),
        _p("Illes Balears", "871", "ca", ("Palma", 7001, 7015, 9), ("Inca", 7300, 7300, 1), ("Manacor", 7500, 7500, 1)),
        _p(
            "Barcelona",
            "830",
            "ca",
            ("Barcelona", 8001, 8042, 40),
            ("Badalona", 8911, 8918, 6),
            ("Sabadell", 8201, 8208, 6),
            ("Terrassa", 8221, 8228, 6),
            ("Mataró", 8301, 8304, 4),
            ("Vic", 8500, 8500, 2),
        ),
        _p("Burgos", "847", "es", ("Burgos", 9001, 9007, 4), ("Aranda de Duero", 9400, 9400, 1)),
        _p("Cáceres", "827", "es", ("Cáceres", 10001, 10005, 3), ("Plasencia", 10600, 10600, 1)),
        _p(
            "Cádiz",
            "856",
            "es",
            ("Cádiz", 11001, 11012, 5),
            ("Jerez de la Frontera", 11401, 11408, 5),
            ("Algeciras", 11201, 11207, 3),
        ),
        _p("Castellón", "864", "ca", ("Castelló de la Plana", 12001, 12006, 5)),
        _p("Ciudad Real", "826", "es", ("Ciudad Real", 13001, 13005, 3), ("Puertollano", 13500, 13500, 1)),
        _p("Córdoba", "857", "es", ("Córdoba", 14001, 14014, 8), ("Lucena", 14900, 14900, 1)),
        _p(
            "A Coruña",
            "881",
            "gl",
            ("A Coruña", 15001, 15011, 7),
            ("Santiago de Compostela", 15701, 15707, 4),
            ("Ferrol", 15401, 15406, 2),
        ),
        _p("Cuenca", "869", "es", ("Cuenca", 16001, 16004, 2)),
        _p("Girona", "872", "ca", ("Girona", 17001, 17007, 4), ("Figueres", 17600, 17600, 2)),
        _p("Granada", "858", "es", ("Granada", 18001, 18015, 7), ("Motril", 18600, 18600, 1)),
        _p("Guadalajara", "849", "es", ("Guadalajara", 19001, 19005, 3)),
        _p(
            "Gipuzkoa",
            "843",
            "eu",
            ("Donostia-San Sebastián", 20001, 20018, 6),
            ("Irun", 20301, 20305, 2),
            ("Eibar", 20600, 20600, 1),
        ),
        _p("Huelva", "859", "es", ("Huelva", 21001, 21007, 4)),
        _p("Huesca", "874", "es", ("Huesca", 22001, 22006, 2), ("Barbastro", 22300, 22300, 1)),
        _p("Jaén", "853", "es", ("Jaén", 23001, 23009, 3), ("Úbeda", 23400, 23400, 1), ("Linares", 23700, 23700, 1)),
        _p("León", "887", "es", ("León", 24001, 24010, 4), ("Ponferrada", 24401, 24404, 2)),
        _p("Lleida", "873", "ca", ("Lleida", 25001, 25008, 4)),
        _p("La Rioja", "841", "es", ("Logroño", 26001, 26009, 4), ("Calahorra", 26500, 26500, 1)),
        _p("Lugo", "882", "gl", ("Lugo", 27001, 27004, 3)),
        _p(
            "Madrid",
            "810",
            "es",
            ("Madrid", 28001, 28055, 75),
            ("Móstoles", 28931, 28938, 7),
            ("Getafe", 28901, 28907, 6),
            ("Alcalá de Henares", 28801, 28807, 6),
        ),
        _p(
            "Málaga",
            "851",
            "es",
            ("Málaga", 29001, 29018, 14),
            ("Marbella", 29601, 29604, 4),
            ("Ronda", 29400, 29400, 1),
        ),
        _p(
            "Murcia",
            "868",
            "es",
            ("Murcia", 30001, 30012, 11),
            ("Cartagena", 30201, 30205, 5),
            ("Lorca", 30800, 30800, 2),
        ),
        _p("Navarra", "848", "eu", ("Pamplona/Iruña", 31001, 31016, 6), ("Tudela", 31500, 31500, 1)),
        _p("Ourense", "888", "gl", ("Ourense", 32001, 32005, 3)),
        _p(
            "Asturias",
            "884",
            "es",
            ("Oviedo", 33001, 33013, 6),
            ("Gijón", 33201, 33213, 7),
            ("Avilés", 33401, 33403, 2),
        ),
        _p("Palencia", "879", "es", ("Palencia", 34001, 34006, 2)),
        _p("Las Palmas", "828", "es", ("Las Palmas de Gran Canaria", 35001, 35020, 10), ("Telde", 35200, 35200, 2)),
        _p("Pontevedra", "886", "gl", ("Vigo", 36201, 36216, 7), ("Pontevedra", 36001, 36005, 2)),
        _p("Salamanca", "823", "es", ("Salamanca", 37001, 37008, 4)),
        _p(
            "Santa Cruz de Tenerife",
            "822",
            "es",
            ("Santa Cruz de Tenerife", 38001, 38010, 6),
            ("San Cristóbal de La Laguna", 38201, 38206, 3),
        ),
        _p("Cantabria", "842", "es", ("Santander", 39001, 39012, 5), ("Torrelavega", 39300, 39300, 1)),
        _p("Segovia", "821", "es", ("Segovia", 40001, 40006, 2)),
        _p("Sevilla", "854", "es", ("Sevilla", 41001, 41020, 20), ("Dos Hermanas", 41701, 41703, 3)),
        _p("Soria", "875", "es", ("Soria", 42001, 42005, 1)),
        _p("Tarragona", "877", "ca", ("Tarragona", 43001, 43008, 4), ("Reus", 43201, 43206, 3)),
        _p("Teruel", "878", "es", ("Teruel", 44001, 44003, 1)),
        _p("Toledo", "825", "es", ("Toledo", 45001, 45008, 3), ("Talavera de la Reina", 45600, 45600, 2)),
        _p(
            "Valencia",
            "861",
            "ca",
            ("València", 46001, 46026, 22),
            ("Gandia", 46701, 46702, 2),
            ("Torrent", 46900, 46900, 2),
        ),
        _p("Valladolid", "883", "es", ("Valladolid", 47001, 47016, 8)),
        _p("Bizkaia", "844", "eu", ("Bilbao", 48001, 48015, 10), ("Barakaldo", 48901, 48903, 3)),
        _p("Zamora", "880", "es", ("Zamora", 49001, 49028, 2)),
        _p("Zaragoza", "876", "es", ("Zaragoza", 50001, 50019, 16), ("Calatayud", 50300, 50300, 1)),
        _p("Ceuta", "856", "es", ("Ceuta", 51001, 51005, 1)),
        _p("Melilla", "852", "es", ("Melilla", 52001, 52006, 1)),
    )
    for place in group
)
